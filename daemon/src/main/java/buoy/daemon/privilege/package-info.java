/**
 * With whose rights the program runs ({@code process.user}). They are settled before a thread or
 * socket of its own exists, as capabilities belong to threads: {@link Privileges} decides from who
 * it is and who it is to be; a program that is somebody else's begins anew through {@code
 * setpriv(1)}, in the same process, and finds then that nothing is left to do.
 */
@NullMarked
package buoy.daemon.privilege;

import org.jspecify.annotations.NullMarked;

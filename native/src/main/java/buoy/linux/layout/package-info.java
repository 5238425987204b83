/**
 * How bytes lie in the kernel's structures and in the frames we build: pure functions from records
 * to bytes and back, bounded by the array they are given, without any system call. What comes from
 * the kernel or the wire in a shape we do not know is a value ({@code Optional.empty()} or a
 * skipped part), never an exception.
 */
@NullMarked
package buoy.linux.layout;

import org.jspecify.annotations.NullMarked;

/**
 * Hosts in network namespaces and the real peers on them: what integration tests and the demo stand
 * on.
 */
@NullMarked
package buoy.lab;

import org.jspecify.annotations.NullMarked;

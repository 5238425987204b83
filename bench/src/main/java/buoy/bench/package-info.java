/** JMH benchmarks of what is ours and hot. */
@NullMarked
package buoy.bench;

import org.jspecify.annotations.NullMarked;

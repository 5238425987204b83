/**
 * JMH benchmarks of what is ours and hot: {@code bin/bench jmh [PATTERN]}. Each is one step on the
 * way of an advertisement or a request, without sockets; {@code make bench} measures the whole.
 */
@NullMarked
package buoy.bench.micro;

import org.jspecify.annotations.NullMarked;

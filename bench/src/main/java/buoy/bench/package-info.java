/**
 * Buoy beside Debian's HAProxy and NGINX on this machine: {@code bin/bench}.
 *
 * <p>{@link buoy.bench.Compare} starts the origins and every {@link buoy.bench.Contender}, then
 * puts load on one after the other, round after round, so that a machine that warms up or slows
 * down does so for all of them. Each turn is one {@link buoy.bench.Sample}: what {@link
 * buoy.bench.Wrk} or another generator counted, and the CPU time that the contender's processes
 * used meanwhile. {@link buoy.bench.Outcome} makes medians and ratios of the samples; {@link
 * buoy.bench.Report} prints them and {@link buoy.bench.ResultFile} keeps them.
 *
 * <p>It measures and reports; it judges nothing and does not fail on a slow machine.
 */
@NullMarked
package buoy.bench;

import org.jspecify.annotations.NullMarked;

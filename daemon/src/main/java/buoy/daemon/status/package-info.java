/**
 * What this process does and why, for people and for machines.
 *
 * <p>{@link buoy.daemon.status.Status} is one immutable picture, taken on request. {@link
 * buoy.daemon.status.Verdict} looks at it and says whether all is well and if not, why. Everything
 * else renders: {@link buoy.daemon.status.StatusText} for a terminal, {@link
 * buoy.daemon.status.StatusJson} for programs, the package {@code page} for a browser, {@link
 * buoy.daemon.status.Metrics} for Prometheus. All of it is pure: values in, text out.
 */
@NullMarked
package buoy.daemon.status;

import org.jspecify.annotations.NullMarked;

/**
 * {@code buoy explain}: what a request would meet. {@link buoy.daemon.explain.Asked} is the request
 * as the command line has it; {@link buoy.daemon.explain.Explaining} lets it go through the
 * compiled configuration; {@link buoy.daemon.explain.Explanation} is what comes of it, written by
 * {@link buoy.daemon.explain.ExplainText} and {@link buoy.daemon.explain.ExplainJson}. What servers
 * are at that moment is read from the status of a running Buoy, {@link
 * buoy.daemon.explain.LivePools}. Nothing here waits, and nothing is changed by it.
 */
@NullMarked
package buoy.daemon.explain;

import org.jspecify.annotations.NullMarked;

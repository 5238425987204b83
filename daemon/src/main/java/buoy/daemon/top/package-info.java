/**
 * {@code buoy top}: what a running Buoy does, live. {@link buoy.daemon.top.Sample} is what matters
 * of one answer to {@code GET /api/v1/status}; two of them make a {@link buoy.daemon.top.Picture},
 * whose lines a {@link buoy.daemon.top.Screen} shows: the terminal, taken over whole and given back
 * as it was. All but the screen is pure.
 */
@NullMarked
package buoy.daemon.top;

import org.jspecify.annotations.NullMarked;

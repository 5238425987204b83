/**
 * WebSocket messages there and back: what asks, and what answers. No load tool of Debian's speaks
 * WebSocket. One thread each and no allocation for a message, so that little of the core they share
 * with nobody's proxy is theirs.
 */
@NullMarked
package buoy.bench.echo;

import org.jspecify.annotations.NullMarked;

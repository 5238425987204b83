/**
 * HTTP/1.1. How an exchange flows, all of it on one worker and without an object made for it:
 *
 * <pre>
 *   client --bytes--> ClientConnection   head.RequestHead: strict, an index over the bytes
 *                          |             route.RouteTable: which pool
 *                       Exchange         pool.Pool.pick, an idle connection or pool.Dial
 *                          |             head.RequestRewrite: the head as the server gets it
 *                     ServerConnection --one write--> server
 *
 *   server --bytes--> ServerConnection   head.ResponseHead, BodyReader: framing
 *                          |
 *                       Exchange         head.ResponseRewrite
 *                          |
 *                     ClientConnection --one write--> client
 * </pre>
 *
 * <p>Bodies are slices of the buffers they were read into; reading on one side stops while the
 * other cannot take more. A {@link buoy.lb.http.Workshop} is what the connections of one worker
 * share: borrowed heads, the bytes being put together, idle server connections, and {@link
 * buoy.lb.http.Deadlines}, which an exchange moves with one write.
 *
 * <p>An exchange ends well, or with one {@link buoy.lb.pool.Reason}. If no byte of an answer went
 * out, the client is told the reason; else its connection is reset, so that it cannot take a part
 * for the whole. Requests that break the standard are answered and the connection is closed: where
 * one request ends is then no longer sure.
 *
 * <p>A WebSocket is an exchange until the server's 101, and a relay from there on.
 */
@NullMarked
package buoy.lb.http;

import org.jspecify.annotations.NullMarked;

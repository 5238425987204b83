/**
 * HTTP. How an exchange flows in HTTP/1.1, all of it on one worker and without an object made for
 * it:
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
 * share: borrowed heads, the bytes being put together, and idle server connections; an exchange
 * moves its {@link buoy.lb.worker.Deadlines} with one write.
 *
 * <p>An exchange does not know which version either side speaks. Its client is a {@link
 * buoy.lb.http.Downstream}: a {@code ClientConnection}, or a {@code ClientStream} of a {@code
 * ClientStreams} connection. Its server is an {@link buoy.lb.http.Upstream}: a {@code
 * ServerConnection}, or a {@code ServerStream} of a {@code ServerStreams} connection, which many
 * exchanges of a worker share ({@code SharedServers}); what both kinds of connections of HTTP/2 are
 * is a {@code StreamsHandler}. Between them heads and content are always text as HTTP/1.1 writes
 * it: a stream turns fields into such a head ({@code h2.RequestText}, {@code h2.ResponseText}),
 * which is judged by the one strict parser that judges all heads, and back into fields ({@code
 * h2.RequestBlock}, {@code h2.ResponseBlock}). So does content:
 *
 * <pre>
 *   request    Downstream --requestBody(bytes, chunked if the head says so)--> Exchange
 *                         --Upstream.write--> ServerConnection: as they are
 *                                             ServerStream: data frames, chunks taken off
 *   response   ServerConnection --responseBody(BodyReader's runs of a buffer)--> Exchange
 *              ServerStream     --responseBody(a frame's bytes, one run), or
 *                                 pass(bytes framed as chunks already, for an HTTP/1.1 client)
 *                         --Downstream.write--> client
 * </pre>
 *
 * <p>What is not taken is not asked for: a connection of HTTP/1.1 is not read, a stream's bytes are
 * not given back to its window. The window of a server's connection is as large as those of all its
 * streams, so that a client that takes nothing holds up no other.
 *
 * <p>An exchange ends well, or with one {@link buoy.lb.pool.Reason}. If no byte of an answer went
 * out, the client is told the reason; else its connection is reset, so that it cannot take a part
 * for the whole. Requests that break the standard are answered and the connection is closed: where
 * one request ends is then no longer sure.
 *
 * <p>A WebSocket is an exchange until the server agrees, in text always with a 101. From there on
 * it is a {@code Tunnel} between two connections of HTTP/1.1, or a {@code StreamTunnel} between two
 * {@code TunnelEnd}s, one of which at least is a stream; {@code TunnelAccounts} count for both.
 */
@NullMarked
package buoy.lb.http;

import org.jspecify.annotations.NullMarked;

/**
 * HTTP/1.1 message heads, read strictly and in place (RFC 9110, RFC 9112). Pure: no clock, thread,
 * socket or log.
 *
 * <p>A {@link buoy.lb.http.head.Head} owns one byte array. The caller copies what the socket gave
 * into it and calls {@code parse()}, which answers {@link buoy.lb.http.head.Parsed}: need more,
 * complete, or refused with a {@link buoy.lb.http.head.Refusal}. Nothing is copied out and no
 * object is made: a complete head is an index of offsets over the array plus the few facts a proxy
 * needs (framing, persistence, host, upgrade). {@link buoy.lb.http.head.RequestRewrite} and {@link
 * buoy.lb.http.head.ResponseRewrite} turn such an index into the head that is sent on: runs of
 * unchanged lines are copied whole, only what must change is written anew. {@link
 * buoy.lb.http.head.ChunkReader} says where a chunked body ends.
 *
 * <p>The same bytes give the same answer however they are split, and no input is read twice more
 * than once: an unfinished line remembers how far it was searched.
 *
 * <p>Choices made where the RFCs leave one: fields with an underscore in their name are not sent on
 * (RFC 3875 gateways cannot tell {@code X_Forwarded_For} from {@code X-Forwarded-For}); TRACE and
 * CONNECT are refused; {@code Via} is added to requests (RFC 9110 7.6.3 demands it of gateways; an
 * NGINX behind Buoy needs {@code gzip_proxied any} to go on compressing) and not to responses.
 */
@NullMarked
package buoy.lb.http.head;

import org.jspecify.annotations.NullMarked;

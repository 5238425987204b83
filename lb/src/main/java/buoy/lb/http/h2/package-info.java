/**
 * HTTP/2's field blocks to and from the heads of HTTP/1.1, which is what the rest works on.
 *
 * <pre>
 *   field block --HPACK--> {@link buoy.lb.http.h2.RequestText} --text--> head.RequestHead
 *   field block --HPACK--> {@link buoy.lb.http.h2.ResponseText} --text--> head.ResponseHead
 *   head as text ---------> {@link buoy.lb.http.h2.RequestBlock},
 *                           {@link buoy.lb.http.h2.ResponseBlock} --HPACK--> field block
 * </pre>
 *
 * <p>What HTTP/2 forbids on top (RFC 9113 8.2 and 8.3) is refused before a line is written; what
 * both versions forbid, by the strict reader of heads. So there is one judge, and nothing that
 * could end a line or a request early ever stands in the text.
 */
@NullMarked
package buoy.lb.http.h2;

import org.jspecify.annotations.NullMarked;

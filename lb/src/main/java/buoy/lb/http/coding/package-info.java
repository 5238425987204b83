/**
 * Content codings (RFC 9110 8.4.1): a {@link buoy.lb.http.coding.Coder} turns content into a coded
 * stream, from one buffer into another, and knows nothing of messages. {@code Compressor} cuts what
 * comes out into pieces and frames them.
 */
@NullMarked
package buoy.lb.http.coding;

import org.jspecify.annotations.NullMarked;

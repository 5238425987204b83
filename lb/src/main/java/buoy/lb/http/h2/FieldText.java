package buoy.lb.http.h2;

import buoy.lb.http.head.Refusal;

/** Takes the fields of one block, as they are decoded, and writes them as HTTP/1.1 would. */
public sealed interface FieldText permits RequestText, ResponseText {
    /** A new block begins. */
    void begin();

    /** The next field of the block. The arrays must stand until the block's end. */
    void field(byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo);

    /** The block was a trailer section (RFC 9113 8.1): lines and an empty one. */
    Refusal trailers();
}

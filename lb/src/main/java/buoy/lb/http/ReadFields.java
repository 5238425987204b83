package buoy.lb.http;

import buoy.lb.http.h2.RequestText;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** The fields of a block that is being decoded: handed on one by one. One for each connection. */
final class ReadFields extends BareHeaders {
    private final RequestText text = new RequestText();

    RequestText text() {
        return text;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        AsciiString n = AsciiString.of(name);
        AsciiString v = AsciiString.of(value);
        text.field(
                n.array(),
                n.arrayOffset(),
                n.arrayOffset() + n.length(),
                v.array(),
                v.arrayOffset(),
                v.arrayOffset() + v.length());
        return this;
    }
}

package buoy.lb.http;

import buoy.lb.http.h2.FieldText;
import buoy.lb.http.h2.ResponseText;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** The fields of a block that is being decoded: handed on one by one. One for each connection. */
final class ReadFields<T extends FieldText> extends BareHeaders {
    private static final AsciiString INTERIM = AsciiString.of("100");

    private final T text;

    ReadFields(T text) {
        this.text = text;
    }

    T text() {
        return text;
    }

    /** Netty's decoder wants to know whether another head follows, and no more. */
    @Override
    public @Nullable CharSequence status() {
        return text instanceof ResponseText response && response.isInterim() ? INTERIM : null;
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

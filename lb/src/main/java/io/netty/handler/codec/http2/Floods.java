package io.netty.handler.codec.http2;

/**
 * Puts Netty's guards against floods before a codec of ours. Its builder does that only for codecs
 * it makes itself, and the guards are package-private.
 *
 * <p>A client that goes too far loses its connection with ENHANCE_YOUR_CALM (RFC 9113 10.5).
 */
public final class Floods {
    /** Streams a client may reset, or make us reset, in a window: CVE-2023-44487, CVE-2025-8671. */
    private static final int RESETS = 200;

    private static final int WINDOW_SECONDS = 30;

    /** DATA frames without data, one after the other, that end nothing (CVE-2019-9518). */
    private static final int EMPTY_DATA = 2;

    /** Answers to SETTINGS and PING, and resets, that the client does not read (CVE-2019-9512). */
    private static final int UNREAD_CONTROL = 1000;

    private static final int EMPTY_DATA_OF_SERVER = 16;

    private static final int RESETS_OF_SERVER = 100_000;

    private Floods() {}

    /** Guards what is sent. */
    public static Http2ConnectionEncoder guarded(Http2ConnectionEncoder encoder) {
        return new Http2MaxRstFrameLimitEncoder(
                new Http2ControlFrameLimitEncoder(encoder, UNREAD_CONTROL), RESETS, WINDOW_SECONDS);
    }

    /**
     * Guards what is sent to a server. That many resets of ours are no fault of its own: clients
     * leave.
     */
    public static Http2ConnectionEncoder guardedFromServer(Http2ConnectionEncoder encoder) {
        return new Http2ControlFrameLimitEncoder(encoder, UNREAD_CONTROL);
    }

    /**
     * Guards what is received from a server. It resets what we began, so it may do that as often as
     * we begin; more only costs.
     */
    public static Http2ConnectionDecoder guardedFromServer(Http2ConnectionDecoder decoder) {
        return new Http2MaxRstFrameDecoder(
                new Http2EmptyDataFrameConnectionDecoder(decoder, EMPTY_DATA_OF_SERVER),
                RESETS_OF_SERVER,
                WINDOW_SECONDS);
    }

    /** Guards what is received. */
    public static Http2ConnectionDecoder guarded(Http2ConnectionDecoder decoder) {
        return new Http2MaxRstFrameDecoder(
                new Http2EmptyDataFrameConnectionDecoder(decoder, EMPTY_DATA),
                RESETS,
                WINDOW_SECONDS);
    }
}

package buoy.lb.http;

import buoy.lb.pool.Opening;
import buoy.lb.pool.Reason;
import buoy.tls.ClientTls;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.List;

/**
 * What a connection needs for exchanges: as its server's pool has it, TLS, and in HTTP/2 the
 * server's first settings, which say how much it takes. Nothing is asked of a server that does not
 * speak HTTP/2 where it should.
 */
record ServerOpening(Workshop shop) implements Opening {
    private static final Opening HTTP1 = new Tls(List.of("http/1.1"));
    private static final String H2 = "h2";
    private static final Opening WITHIN_TLS = new Tls(List.of(H2));

    @Override
    public void open(Fresh fresh, Opened opened) {
        switch (fresh.server().protocol()) {
            case HTTP1 -> HTTP1.open(fresh, opened);
            case H2C -> begin(fresh, fresh.left(), opened);
            case H2 -> {
                long began = System.nanoTime();
                WITHIN_TLS.open(
                        fresh,
                        new Opened() {
                            @Override
                            public void opened() {
                                agreed(
                                        fresh,
                                        fresh.left().minusNanos(System.nanoTime() - began),
                                        opened);
                            }

                            @Override
                            public void failed(Reason reason) {
                                opened.failed(reason);
                            }
                        });
            }
        }
    }

    /** RFC 9113 3.2: by ALPN alone. */
    private void agreed(Fresh fresh, Duration left, Opened opened) {
        SslHandler tls = fresh.channel().pipeline().get(SslHandler.class);
        if (tls == null || !H2.equals(ClientTls.agreed(tls))) {
            opened.failed(Reason.SERVER_NOT_HTTP2);
        } else {
            begin(fresh, left, opened);
        }
    }

    private void begin(Fresh fresh, Duration left, Opened opened) {
        ServerStreams streams = ServerStreams.of(shop, fresh.server(), fresh.channel());
        streams.whenOpened(opened, left);
        fresh.channel().pipeline().addLast(streams);
        fresh.channel().config().setAutoRead(true);
    }
}

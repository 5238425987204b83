package buoy.lb.postgres;

import buoy.lb.pool.Opening;
import buoy.lb.pool.Reason;
import buoy.tls.ClientTls;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;

/**
 * TLS towards a PostgreSQL server, where its pool has it: asked for with {@code SSLRequest}, which
 * servers of every version know, and begun when it was answered with {@code S} (PostgreSQL
 * documentation, "SSL Session Encryption").
 */
final class Encryption extends Awaited {
    /** IANA's name of the protocol. Servers before 17 do not ask for it. */
    private static final List<String> ALPN = List.of("postgresql");

    private final ClientTls tls;

    private Encryption(Opening.Fresh fresh, ClientTls tls, Opening.Opened opened) {
        super(fresh, opened, fresh.left(), Reason.CONNECT_TIMEOUT);
        this.tls = tls;
    }

    static void secure(Opening.Fresh fresh, Opening.Opened opened) {
        Optional<ClientTls> tls = fresh.server().tls();
        if (tls.isEmpty()) {
            opened.opened();
        } else {
            new Encryption(fresh, tls.get(), opened)
                    .await(Unpooled.wrappedBuffer(Startup.sslRequest()));
        }
    }

    @Override
    void arrived() {
        // More than the answer came before the handshake began: somebody on the way put it there
        // (CVE-2021-23222).
        boolean yes = gathered().readableBytes() == 1 && gathered().getByte(0) == 'S';
        leave();
        if (yes) {
            Opening.Tls.secure(tls, ALPN, fresh, opened);
        } else {
            opened.failed(Reason.SERVER_TLS_FAILED);
        }
    }
}

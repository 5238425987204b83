package buoy.lb.pool;

import buoy.lb.worker.Worker;
import buoy.tls.ClientTls;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a new connection to a server needs before it is of use. All on the connection's worker. */
public interface Opening {
    /**
     * Told exactly one of these, at once or later; also when the connection is closed meanwhile.
     */
    interface Opened {
        void opened();

        /** Another server, or the same a moment later, may be of more use. */
        void failed(Reason reason);

        /**
         * The same, of a server that may have ended because of what the client said to it: nothing
         * speaks against the server.
         */
        default void ended(Reason reason) {
            failed(reason);
        }

        /**
         * The server takes the work, as it seems; what it takes from here on is the client's time
         * too, and nobody waits for a server.
         */
        default void answered() {}
    }

    /**
     * A connection that was just made; nothing was read from it, its pipeline is empty, auto-read
     * is off.
     *
     * @param left of {@code timeouts.connect}
     * @param response until a server has to have begun to answer
     */
    record Fresh(
            Worker worker,
            Server server,
            DuplexChannel channel,
            Duration left,
            Duration response) {}

    /** Whether it went well or not, the channel is left to the caller to close. */
    void open(Fresh fresh, Opened opened);

    /**
     * TLS from the first byte, where the server's pool has it.
     *
     * @param alpn application protocols offered, best first; may be none
     */
    record Tls(List<String> alpn) implements Opening {
        /** The alert's name, as both TLS libraries give it. */
        private static final String NO_PROTOCOL = "no_application_protocol";

        public Tls {
            alpn = List.copyOf(alpn);
        }

        @Override
        public void open(Fresh fresh, Opened opened) {
            Optional<ClientTls> tls = fresh.server().tls();
            if (tls.isPresent()) {
                secure(tls.get(), alpn, fresh, opened);
            } else {
                opened.opened();
            }
        }

        /** Shakes hands. */
        public static void secure(ClientTls tls, List<String> alpn, Fresh fresh, Opened opened) {
            var _ =
                    tls.secure(fresh.channel(), fresh.server().configured(), alpn, fresh.left())
                            .addListener(
                                    (Future<Channel> done) -> {
                                        if (done.isSuccess()) {
                                            opened.opened();
                                        } else {
                                            opened.failed(reason(done.cause(), alpn));
                                        }
                                    });
        }

        private static Reason reason(Throwable cause, List<String> alpn) {
            if (cause instanceof SslHandshakeTimeoutException) {
                return Reason.CONNECT_TIMEOUT;
            }
            // RFC 7301 3.2: a server that knows none of the protocols ends the handshake.
            return alpn.contains("h2") && words(cause).contains(NO_PROTOCOL)
                    ? Reason.SERVER_NOT_HTTP2
                    : Reason.SERVER_TLS_FAILED;
        }

        private static String words(Throwable cause) {
            return ClientTls.words(cause).toLowerCase(Locale.ROOT);
        }
    }
}

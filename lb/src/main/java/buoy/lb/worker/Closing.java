package buoy.lb.worker;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ServerChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The end of a listening socket, without a reset for whoever has come there. The kernel makes
 * connections before anybody takes them: when the socket is closed it resets those in its queue,
 * and, a moment later, those whose handshake it had answered. So nobody begins one any more, first;
 * then those under way are taken; then it is closed.
 */
final class Closing {
    /** For a handshake that was answered: a round trip between continents. */
    private static final Duration FOR_HANDSHAKES = Duration.ofMillis(200);

    /** Where nobody has come to an address for so long, nobody is taken to be on the way. */
    private static final Duration CALM = Duration.ofSeconds(1);

    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    /** However many wait, or if none can be taken: this process may be out of files. */
    static final Duration AT_MOST = Duration.ofSeconds(2);

    private final Transport transport;
    private final ServerChannel listening;

    /** From the first look on: a worker that was busy until then has taken nobody. */
    private long deadline;

    private Closing(Transport transport, ServerChannel listening) {
        this.transport = transport;
        this.listening = listening;
    }

    /**
     * Begins it; where the transport cannot hold anybody back, they are closed when this returns.
     * Not for workers.
     *
     * @param address its sockets: the kernel spreads over them who comes there
     * @return done when they are closed, each
     */
    static List<ChannelFuture> of(Transport transport, List<ServerChannel> address) {
        boolean calm =
                address.stream()
                        .allMatch(
                                each ->
                                        Accepting.silence(each).compareTo(CALM) > 0
                                                && transport.waiting(each) == 0);
        return address.stream()
                .map(each -> of(transport, each, calm ? Duration.ZERO : FOR_HANDSHAKES))
                .toList();
    }

    private static ChannelFuture of(
            Transport transport, ServerChannel listening, Duration forHandshakes) {
        if (!listening.isOpen() || !transport.holdBack(listening)) {
            return listening.close().awaitUninterruptibly();
        }
        Closing closing = new Closing(transport, listening);
        var _ =
                listening
                        .eventLoop()
                        .schedule(closing::begin, forHandshakes.toNanos(), TimeUnit.NANOSECONDS);
        return listening.closeFuture();
    }

    private void begin() {
        deadline = System.nanoTime() + AT_MOST.toNanos();
        look();
    }

    private void look() {
        // Of a unix socket the kernel does not tell who waits: there, who came just now does.
        boolean goesOn =
                listening.isOpen()
                        && (transport.waiting(listening) > 0
                                || Accepting.silence(listening).compareTo(LOOK_EVERY) < 0);
        if (goesOn && System.nanoTime() - deadline < 0) {
            var _ =
                    listening
                            .eventLoop()
                            .schedule(this::look, LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
        } else {
            var _ = listening.close();
        }
    }
}

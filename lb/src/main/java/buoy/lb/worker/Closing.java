package buoy.lb.worker;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ServerChannel;
import java.time.Duration;
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

    /** Where nobody has come for so long, nobody is taken to be on the way. */
    private static final Duration CALM = Duration.ofSeconds(1);

    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    /** However many wait, or if none can be taken: this process may be out of files. */
    static final Duration AT_MOST = Duration.ofSeconds(2);

    private final Transport transport;
    private final ServerChannel listening;
    private final long deadline = System.nanoTime() + AT_MOST.toNanos();

    private Closing(Transport transport, ServerChannel listening) {
        this.transport = transport;
        this.listening = listening;
    }

    /**
     * Begins it; where the transport cannot hold anybody back, it is closed when this returns. Not
     * for workers.
     *
     * @return done when it is closed
     */
    static ChannelFuture of(Transport transport, ServerChannel listening) {
        if (!listening.isOpen() || !transport.holdBack(listening)) {
            return listening.close().awaitUninterruptibly();
        }
        boolean calm =
                Accepting.silence(listening).compareTo(CALM) > 0
                        && transport.waiting(listening) == 0;
        new Closing(transport, listening).after(calm ? Duration.ZERO : FOR_HANDSHAKES);
        return listening.closeFuture();
    }

    private void after(Duration pause) {
        var _ = listening.eventLoop().schedule(this::look, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void look() {
        boolean somebodyWaits = listening.isOpen() && transport.waiting(listening) > 0;
        if (somebodyWaits && System.nanoTime() - deadline < 0) {
            after(LOOK_EVERY);
        } else {
            var _ = listening.close();
        }
    }
}

package buoy.lb.relay;

import buoy.config.model.Listener;
import buoy.lb.listen.Client;
import buoy.lb.listen.Front;
import buoy.lb.listen.Handshake;
import buoy.lb.listen.Listening;
import buoy.lb.listen.Securing;
import buoy.lb.pool.Opening;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.proxy.Ends;
import buoy.lb.worker.Worker;
import io.netty.channel.socket.SocketChannel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code protocol: tcp}: every connection is a session, from its first byte within TLS or without.
 */
public final class TcpFront implements Front {
    private final Listener.Tcp config;
    private final Pool pool;

    public TcpFront(Listener.Tcp config, Pool pool) {
        this.config = config;
        this.pool = pool;
    }

    @Override
    public Client accepted(
            Worker worker,
            Listening listening,
            SocketChannel channel,
            Ends ends,
            Optional<Securing> tls) {
        worker.shareReads(channel);
        return tls.isPresent()
                ? new Shaking(worker, listening, channel, ends, tls.get())
                : open(worker, listening, channel, ends);
    }

    private Session open(Worker worker, Listening listening, SocketChannel channel, Ends ends) {
        return Session.open(
                worker, listening, pool, channel, ends, config.idle(), null, Plain.MANNER);
    }

    /** Nobody is told why there is no server: the connection just ends. */
    private enum Plain implements Session.Manner {
        MANNER;

        private static final Opening OPENING = new Opening.Tls(List.of());

        @Override
        public Opening opening() {
            return OPENING;
        }

        @Override
        public void refuse(SocketChannel client, Reason reason) {
            var _ = client.close();
        }
    }

    /** A client whose handshake is under way; then its session. */
    private final class Shaking implements Client, Handshake.Told {
        private final Worker worker;
        private final Listening listening;
        private final SocketChannel channel;
        private final Ends ends;
        private final Handshake handshake;
        private @Nullable Session session;

        Shaking(
                Worker worker,
                Listening listening,
                SocketChannel channel,
                Ends ends,
                Securing tls) {
            this.worker = worker;
            this.listening = listening;
            this.channel = channel;
            this.ends = ends;
            this.handshake = Handshake.await(channel, tls, null, this);
        }

        @Override
        public void secured(Optional<String> alpn) {
            session = open(worker, listening, channel, ends);
        }

        @Override
        public void unsecured(Reason reason) {
            listening.tally(worker).failed(reason);
        }

        @Override
        public void cut(Reason reason) {
            Session begun = session;
            if (begun != null) {
                begun.cut(reason);
            } else {
                handshake.giveUp(reason);
            }
        }
    }
}

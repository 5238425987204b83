package buoy.lb.relay;

import buoy.config.model.Listener;
import buoy.config.model.Listener.TcpMatch;
import buoy.lb.listen.Client;
import buoy.lb.listen.ConnectionFront;
import buoy.lb.listen.FirstMessage;
import buoy.lb.listen.Handshake;
import buoy.lb.listen.Listening;
import buoy.lb.listen.Securing;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Opening;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.proxy.Ends;
import buoy.lb.worker.Worker;
import buoy.tls.TlsStart;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code protocol: tcp}: every connection is a session, from its first byte within TLS or without.
 * Where routes ask for it, the name is read that the client begins TLS for; the bytes that say it
 * go on as they came.
 */
public final class TcpFront implements ConnectionFront {
    private final List<To> routes;
    private final Duration idle;

    /** No route asks who the client is. */
    private final boolean forAll;

    /** One route. */
    private record To(TcpMatch match, Pool pool) {}

    private TcpFront(List<To> routes, Duration idle) {
        this.routes = routes;
        this.idle = idle;
        this.forAll = routes.stream().allMatch(each -> each.match().client().isEmpty());
    }

    /**
     * Compiles a listener.
     *
     * @param pools by name
     */
    public static TcpFront of(Listener.Tcp config, Function<String, Pool> pools) {
        return new TcpFront(
                config.routes().stream()
                        .map(route -> new To(route.match(), pools.apply(route.pool())))
                        .toList(),
                config.idle());
    }

    @Override
    public Client accepted(
            Worker worker,
            Listening listening,
            DuplexChannel channel,
            Ends ends,
            Optional<Securing> tls) {
        worker.shareReads(channel);
        List<To> open = of(ends.client().getAddress());
        Arriving arriving = new Arriving(worker, listening, channel, ends, tls, open);
        if (open.isEmpty()) {
            arriving.missing(Reason.NO_ROUTE);
            return arriving;
        }
        To first = open.getFirst();
        boolean any = first.match().sni().isEmpty();
        if (any && tls.isEmpty()) {
            return open(worker, listening, first.pool(), channel, ends, null);
        }
        if (any) {
            arriving.go(first.pool(), null);
        } else {
            arriving.look();
        }
        return arriving;
    }

    /** Those that are for this client. */
    private List<To> of(InetAddress client) {
        return forAll
                ? routes
                : routes.stream()
                        .filter(each -> Listener.isOneOf(each.match().client(), client))
                        .toList();
    }

    private Session open(
            Worker worker,
            Listening listening,
            Pool pool,
            DuplexChannel channel,
            Ends ends,
            @Nullable ByteBuf early) {
        return Session.open(worker, listening, pool, channel, ends, idle, early, Plain.MANNER);
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
        public void refuse(DuplexChannel client, Reason reason) {
            var _ = client.close();
        }
    }

    /** A client that is looked at first, or whose handshake is under way; then its session. */
    private final class Arriving implements Client, FirstMessage.Told<TlsStart>, Handshake.Told {
        private final Worker worker;
        private final Listening listening;
        private final DuplexChannel channel;
        private final Ends ends;
        private final Optional<Securing> tls;
        private final List<To> open;
        private Seat seat = Seat.NONE;
        private @Nullable FirstMessage<TlsStart> first;
        private @Nullable Pool pool;
        private @Nullable Handshake handshake;
        private @Nullable Session session;

        Arriving(
                Worker worker,
                Listening listening,
                DuplexChannel channel,
                Ends ends,
                Optional<Securing> tls,
                List<To> open) {
            this.worker = worker;
            this.listening = listening;
            this.channel = channel;
            this.ends = ends;
            this.tls = tls;
            this.open = open;
        }

        @Override
        public void isAt(Seat at) {
            seat = at;
        }

        void look() {
            first = FirstMessage.await(worker, channel, TlsStart::read, this);
        }

        @Override
        public void arrived(TlsStart start, ByteBuf bytes) {
            Optional<Pool> chosen =
                    open.stream()
                            .filter(each -> each.match().fits(start.serverName()))
                            .map(To::pool)
                            .findFirst();
            if (chosen.isPresent()) {
                go(chosen.get(), bytes);
            } else {
                bytes.release();
                missing(Reason.NO_ROUTE);
            }
        }

        @Override
        public void missing(Reason reason) {
            listening.tally(worker).failed(reason);
            var _ = channel.close();
        }

        /**
         * @param read already; taken over
         */
        void go(Pool to, @Nullable ByteBuf read) {
            pool = to;
            if (tls.isPresent()) {
                handshake = Handshake.await(channel, tls.get(), read, this);
            } else {
                begin(to, read);
            }
        }

        @Override
        public void secured(Optional<String> alpn) {
            Pool to = pool;
            if (to == null) {
                throw new IllegalStateException("TLS stands with a client that goes nowhere");
            }
            begin(to, null);
        }

        private void begin(Pool to, @Nullable ByteBuf read) {
            Session begun = open(worker, listening, to, channel, ends, read);
            session = begun;
            // It may be there for days: this is of no more use.
            seat.takenBy(begun);
        }

        @Override
        public void unsecured(Reason reason) {
            listening.tally(worker).failed(reason);
        }

        @Override
        public Doing doing() {
            Session begun = session;
            return begun == null ? Doing.of(Doing.State.BEGINNING) : begun.doing();
        }

        @Override
        public void cut(Reason reason) {
            Session begun = session;
            Handshake shaking = handshake;
            FirstMessage<TlsStart> message = first;
            if (begun != null) {
                begun.cut(reason);
            } else if (shaking != null) {
                shaking.giveUp(reason);
            } else if (message != null) {
                message.giveUp(reason);
            }
        }
    }
}

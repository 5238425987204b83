package buoy.lb.udp;

import buoy.lb.listen.Guests;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Reason;
import buoy.lb.proxy.Ends;
import buoy.lb.worker.Worker;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a listener on one worker, with the sessions of whoever sends to it. The kernel
 * gives all datagrams of a client's port to the same of them.
 */
final class Datagrams extends ChannelInboundHandlerAdapter {
    /** The worker's clock is no finer. */
    private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(100);

    /** A reload may make patience shorter. */
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(1);

    private final Worker worker;
    private final Listening listening;
    private final UdpSockets all;
    private final SessionTable<InetSocketAddress, DatagramSession> sessions = new SessionTable<>();
    private final Guests<DatagramSession> guests = new Guests<>();
    private boolean watching;

    Datagrams(Worker worker, Listening listening, UdpSockets all) {
        this.worker = worker;
        this.listening = listening;
        this.all = all;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        all.of(worker).add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            if (!packet.content().isReadable()) {
                // The transport cannot pass an empty one on.
                listening.tally(worker).failed(Reason.DATAGRAM_DROPPED);
            } else if (packet.sender().getPort() != 0) {
                // Nobody can be answered at port 0 (RFC 768: none is used).
                received((DatagramChannel) context.channel(), packet);
            }
        } finally {
            packet.release();
        }
    }

    private void received(DatagramChannel socket, DatagramPacket packet) {
        InetSocketAddress client = packet.sender();
        Optional<DatagramSession> known = sessions.heard(client, worker.now());
        if (known.isPresent() && !known.get().isOfUse()) {
            known.get().finish();
            known = Optional.empty();
        }
        DatagramSession session = known.isPresent() ? known.get() : open(socket, client);
        if (session != null) {
            session.send(packet.content());
        }
    }

    private @Nullable DatagramSession open(DatagramChannel socket, InetSocketAddress client) {
        if (!(listening.front() instanceof UdpFront front)) {
            return null;
        }
        Optional<Runnable> seat =
                listening.seat(
                        worker,
                        client.getAddress(),
                        this::endLongestSilent,
                        () -> all.endLongestSilent(worker));
        if (seat.isEmpty()) {
            return null;
        }
        DatagramSession session =
                new DatagramSession(
                        this,
                        worker,
                        listening,
                        front,
                        socket,
                        new Ends(client, socket.localAddress()),
                        seat.get());
        sessions.add(client, session, worker.now());
        guests.add(session);
        if (!session.start()) {
            return null;
        }
        if (!watching) {
            watching = true;
            watch(front.idle().toNanos());
        }
        return session;
    }

    boolean isOf(Listening which) {
        return listening == which;
    }

    /** Who has a session. */
    Guests<DatagramSession> guests() {
        return guests;
    }

    /** Nanoseconds until a session is silent for as long; empty if there is none. */
    OptionalLong untilSilent(Duration patience) {
        return sessions.untilSilent(worker.now(), patience);
    }

    boolean endLongestSilent() {
        Optional<DatagramSession> oldest = sessions.removeLongestSilent();
        oldest.ifPresent(DatagramSession::finish);
        return oldest.isPresent();
    }

    /** The server of a session sent something. */
    void heard(InetSocketAddress client) {
        var _ = sessions.heard(client, worker.now());
    }

    void ended(InetSocketAddress client, DatagramSession session) {
        sessions.remove(client, session);
        guests.remove(session);
    }

    /** One timer for all: who is silent for longest is first. */
    private void watch(long nanos) {
        var _ =
                worker.loop()
                        .schedule(
                                this::endSilent,
                                Math.clamp(nanos, SHORTEST_WAIT, LONGEST_WAIT),
                                TimeUnit.NANOSECONDS);
    }

    private void endSilent() {
        if (!(listening.front() instanceof UdpFront front)) {
            return;
        }
        long now = worker.now();
        for (Optional<DatagramSession> next = sessions.removeSilent(now, front.idle());
                next.isPresent();
                next = sessions.removeSilent(now, front.idle())) {
            next.get().silent();
        }
        OptionalLong left = sessions.untilSilent(now, front.idle());
        watching = left.isPresent();
        left.ifPresent(this::watch);
    }

    /** The socket is closed: nobody can be answered any more. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        all.of(worker).remove(this);
        guests.all().forEach(session -> session.silenced(listening.causeOfEnd()));
    }

    /** What one client is not sent is no matter of the others, and datagrams may be lost. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        listening.tally(worker).failed(Reason.DATAGRAM_DROPPED);
    }
}

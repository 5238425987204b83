package buoy.lb.listen;

import buoy.config.model.Listener.Admission;
import buoy.config.model.Network;
import buoy.lb.guard.ClientKeys;
import buoy.lb.guard.Crowd;
import buoy.lb.pool.Distribution;
import buoy.lb.pool.Flow;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Tally;
import buoy.lb.pool.Totals;
import buoy.lb.proxy.Ends;
import buoy.lb.worker.Worker;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One listener at run time, as long as the configuration names it. Workers read its front; control
 * replaces it.
 */
public final class Listening {
    private final String name;
    private final Limit connections;
    private final Places process;
    private final Tally[] tallies;
    private final Tally[] mirrored;
    private final Leaving leaving;
    private final Clients[] clients;
    private volatile Does does;
    private volatile Reason cause = Reason.LISTENER_REMOVED;
    private volatile boolean removed;
    private volatile Optional<Instant> paused = Optional.empty();

    /** What changes together. The crowd is null where no client has a bound of its own. */
    private record Does(
            Front front, Optional<Securing> tls, Admission admission, @Nullable Crowd crowd) {}

    /**
     * @param most connections at one time
     * @param process the bound over all listeners
     * @param leaving whose clients are not kept
     */
    public Listening(
            String name,
            int workers,
            int most,
            Places process,
            Leaving leaving,
            Front front,
            Optional<Securing> tls,
            Admission admission) {
        this.name = name;
        this.connections = new Limit(most);
        this.process = process;
        this.tallies = new Tally[workers];
        this.mirrored = new Tally[workers];
        this.leaving = leaving;
        this.clients = new Clients[workers];
        Arrays.setAll(tallies, _ -> new Tally());
        Arrays.setAll(mirrored, _ -> new Tally());
        Arrays.setAll(clients, _ -> new Clients(this::left));
        this.does = new Does(front, tls, admission, crowd(admission, null));
    }

    public String name() {
        return name;
    }

    /** What is done with connections as of now. */
    public Front front() {
        return does.front;
    }

    /** Whether clients speak TLS with this listener. */
    public boolean secure() {
        return does.tls.isPresent();
    }

    /** A reload: holds for connections from now on, and for live ones that ask {@link #front}. */
    public void does(Front front, Optional<Securing> tls, Admission admission, int most) {
        connections.most(most);
        does = new Does(front, tls, admission, crowd(admission, does.crowd));
    }

    /**
     * Nobody new from now on. Who comes by connection finds no socket; of who comes by datagram
     * nothing is heard that is not of a session. Changes nothing if it is paused.
     */
    public void pause(Instant now) {
        if (paused.isEmpty()) {
            paused = Optional.of(now);
        }
    }

    /** Whoever comes is let in again. */
    public void resume() {
        paused = Optional.empty();
    }

    /** Since when it is paused, if it is. */
    public Optional<Instant> paused() {
        return paused;
    }

    /** The configuration names it no more: whoever comes in yet is not kept. */
    public void remove() {
        removed = true;
    }

    private @Nullable Crowd crowd(Admission admission, @Nullable Crowd before) {
        if (admission.perClient().isEmpty()) {
            return null;
        }
        return before == null ? new Crowd(Math.min(connections.most(), process.most())) : before;
    }

    /** Connections now, over all workers. */
    public int connected() {
        return connections.taken();
    }

    /** Connections of all listeners now. */
    public int connectedInAll() {
        return process.taken();
    }

    /** The worker's own counts of this listener. */
    public Tally tally(Worker worker) {
        return tallies[worker.index()];
    }

    /** The worker's own counts of the copies that were made of this listener's requests. */
    public Tally mirrored(Worker worker) {
        return mirrored[worker.index()];
    }

    /** The worker's own client connections of this listener. */
    public Clients clients(Worker worker) {
        return clients[worker.index()];
    }

    /** The sum over all workers. */
    public Totals totals() {
        return Tally.sum(Arrays.asList(tallies), new Distribution());
    }

    /** The same of the copies of requests. */
    public Totals mirroredTotals() {
        return Tally.sum(Arrays.asList(mirrored), new Distribution());
    }

    /** What is cheap to know of its clients, over all workers. */
    public Flow flow() {
        return Tally.flow(name, Arrays.asList(tallies));
    }

    /** Whether it has clients by connection, not by datagram. */
    public boolean takesConnections() {
        return does.front instanceof ConnectionFront;
    }

    /** A connection came that the kernel has made. */
    void accepted(Worker worker, DuplexChannel channel) {
        if (worker.memory().isSpent()) {
            refuse(worker, channel, Reason.MEMORY_LIMIT);
            return;
        }
        if (!process.take()) {
            refuse(worker, channel, Reason.CONNECTION_LIMIT);
            return;
        }
        if (!connections.take()) {
            process.give();
            refuse(worker, channel, Reason.CONNECTION_LIMIT);
            return;
        }
        Does now = does;
        worker.watch(channel, now.admission.tcp());
        Clients.Place place = clients(worker).arrives(worker, channel);
        List<Network> proxies = now.admission.proxies();
        if (proxies.isEmpty()) {
            enter(worker, channel, place, now, itsEnds(channel));
        } else if (isOneOf(proxies, channel)) {
            place.has(
                    Introduction.await(worker, channel, new Introduced(worker, channel, place)),
                    itsEnds(channel));
        } else {
            refuse(worker, channel, Reason.UNTRUSTED_PROXY);
        }
    }

    /** A connection that was let in is closed. */
    private void left() {
        connections.give();
        process.give();
    }

    /** A connection whose proxy says whose it is. */
    private final class Introduced implements Introduction.Told {
        private final Worker worker;
        private final DuplexChannel channel;
        private final Clients.Place place;

        Introduced(Worker worker, DuplexChannel channel, Clients.Place place) {
            this.worker = worker;
            this.channel = channel;
            this.place = place;
        }

        @Override
        public void introduced(@Nullable Ends ends) {
            enter(worker, channel, place, does, ends == null ? itsEnds(channel) : ends);
        }

        @Override
        public void notIntroduced(Reason reason) {
            tally(worker).failed(reason);
        }
    }

    private static boolean isOneOf(List<Network> proxies, DuplexChannel channel) {
        if (isGone(channel)) {
            return false;
        }
        InetAddress peer = itsEnds(channel).client().getAddress();
        return proxies.stream().anyMatch(network -> network.contains(peer));
    }

    /**
     * Those of a client that is gone already are not known; its connection is closed right after.
     */
    private static Ends itsEnds(DuplexChannel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer
                        && channel.localAddress() instanceof InetSocketAddress own
                ? new Ends(peer, own)
                : Ends.UNKNOWN;
    }

    /** Unix sockets do not say. */
    private static boolean isGone(DuplexChannel channel) {
        return channel instanceof SocketChannel && channel.remoteAddress() == null;
    }

    private void enter(
            Worker worker, DuplexChannel channel, Clients.Place place, Does now, Ends ends) {
        Crowd crowd = now.crowd;
        if (crowd != null) {
            int seat =
                    crowd.enter(
                            ClientKeys.of(ends.client().getAddress()),
                            now.admission.perClient().getAsInt());
            if (seat == Crowd.REFUSED) {
                refuse(worker, channel, Reason.CLIENT_CONNECTION_LIMIT);
                return;
            }
            var _ = channel.closeFuture().addListener(_ -> crowd.leave(seat));
        }
        Client client =
                switch (now.front) {
                    case ConnectionFront front ->
                            front.accepted(worker, this, channel, ends, now.tls);
                    case DatagramFront _ ->
                            throw new IllegalStateException("a connection came with datagrams");
                };
        // One that was refused on the spot has left already.
        place.has(client, ends);
        if (place.isHere() && (removed || leaving.includes(channel))) {
            place.lastAnswer(worker);
        }
    }

    /**
     * Takes a place for a session that no connection stands for.
     *
     * @param makeRoom ends another such session of this listener; false if there is none
     * @param makeRoomInAll the same of any listener
     * @return what gives the place back; empty, and counted, if there is none
     */
    public Optional<Runnable> seat(
            Worker worker,
            InetAddress client,
            BooleanSupplier makeRoom,
            BooleanSupplier makeRoomInAll) {
        Does now = does;
        if (paused.isPresent()) {
            tally(worker).failed(Reason.LISTENER_PAUSED);
            return Optional.empty();
        }
        if (worker.memory().isSpent()) {
            tally(worker).failed(Reason.MEMORY_LIMIT);
            return Optional.empty();
        }
        // The client's own bound first: nobody gives way to one that is not let in.
        Crowd crowd = now.crowd;
        if (crowd == null) {
            return takesSeat(worker, makeRoom, makeRoomInAll)
                    ? Optional.of(this::giveSeat)
                    : Optional.empty();
        }
        int seat = crowd.enter(ClientKeys.of(client), now.admission.perClient().getAsInt());
        if (seat == Crowd.REFUSED) {
            tally(worker).failed(Reason.CLIENT_CONNECTION_LIMIT);
            return Optional.empty();
        }
        if (!takesSeat(worker, makeRoom, makeRoomInAll)) {
            crowd.leave(seat);
            return Optional.empty();
        }
        return Optional.of(
                () -> {
                    crowd.leave(seat);
                    giveSeat();
                });
    }

    private boolean takesSeat(
            Worker worker, BooleanSupplier makeRoom, BooleanSupplier makeRoomInAll) {
        boolean taken = takesSeat(makeRoom, makeRoomInAll);
        if (!taken) {
            tally(worker).failed(Reason.CONNECTION_LIMIT);
        }
        return taken;
    }

    /** Who connects is made no room for, nor makes any: only others of their kind give way. */
    private boolean takesSeat(BooleanSupplier makeRoom, BooleanSupplier makeRoomInAll) {
        if (!takes(connections, makeRoom)) {
            return false;
        }
        if (!takes(process.seats(), makeRoomInAll)) {
            connections.give();
            return false;
        }
        if (!process.takeSeated()) {
            process.seats().give();
            connections.give();
            return false;
        }
        return true;
    }

    private static boolean takes(Limit limit, BooleanSupplier makeRoom) {
        return limit.take() || (makeRoom.getAsBoolean() && limit.take());
    }

    private void giveSeat() {
        connections.give();
        process.giveSeated();
    }

    /** A session without a connection is owed something: the end of the process waits for it. */
    public void owes() {
        process.owes();
    }

    /** It is owed no more. */
    public void settled() {
        process.settled();
    }

    /** The process ends, with all its listeners. */
    public void stops() {
        cause = Reason.STOPPING;
    }

    /** Why what is left when its sockets are closed is cut. */
    public Reason causeOfEnd() {
        return cause;
    }

    private void refuse(Worker worker, DuplexChannel channel, Reason reason) {
        tally(worker).failed(reason);
        var _ = channel.close();
    }

    @Override
    public String toString() {
        return name;
    }
}

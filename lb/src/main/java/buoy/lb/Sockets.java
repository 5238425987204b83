package buoy.lb;

import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.UnixPath;
import buoy.lb.listen.Listening;
import buoy.lb.listen.Owner;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One address of a listener: a listening socket on every worker, or a unix socket for all. A reload
 * may give it to another listener, and who connects meanwhile sees nothing of it.
 */
final class Sockets {
    private final Workers workers;
    private final Owner owner;
    private final Location asked;
    private final Location bound;
    private volatile List<Channel> channels;
    private volatile boolean refusing;

    /** Those that are refused, done when they are closed. */
    private List<ChannelFuture> closing = List.of();

    /** Makes those that are still missing. */
    private final More more;

    /** Null where there is none. */
    private final @Nullable SocketFile file;

    private Sockets(
            Workers workers,
            Owner owner,
            Location asked,
            Location bound,
            List<Channel> channels,
            More more,
            @Nullable SocketFile file) {
        this.workers = workers;
        this.owner = owner;
        this.asked = asked;
        this.bound = bound;
        this.channels = List.copyOf(channels);
        this.more = more;
        this.file = file;
    }

    /** Binds what is better bound late. */
    @FunctionalInterface
    private interface More {
        List<Channel> bind() throws BindFailed;
    }

    /**
     * Binds for every worker, or for none. Waits; not for workers. Clients find a unix socket when
     * it {@link #appear}s.
     *
     * @param ours whether another listener has it now, and is about to give it up
     * @param inherited sockets that are bound already: every one is taken, on the workers in turns.
     *     Nobody is let in before {@link #begin} while it {@linkplain Inherited#isHeld is held}
     */
    static Sockets bind(
            Workers workers,
            Listening listening,
            Location location,
            boolean ours,
            Inherited inherited)
            throws BindFailed {
        return bind(workers, new Owner(listening), location, location, ours, inherited);
    }

    /**
     * @param at where, as {@link #bound} says it once it was bound
     */
    private static Sockets bind(
            Workers workers,
            Owner owner,
            Location asked,
            Location at,
            boolean ours,
            Inherited inherited)
            throws BindFailed {
        return switch (at) {
            case Endpoint endpoint ->
                    bind(
                            workers,
                            owner,
                            asked,
                            endpoint,
                            inherited.take(endpoint, !owner.listening().takesConnections()),
                            !inherited.isHeld());
            case UnixPath path -> bind(workers, owner, path, ours, inherited);
        };
    }

    private static Sockets bind(
            Workers workers,
            Owner owner,
            Location asked,
            Endpoint endpoint,
            List<Integer> inherited,
            boolean open)
            throws BindFailed {
        if (inherited.isEmpty()) {
            List<Channel> channels = bind(owner, endpoint, workers.all(), open);
            return new Sockets(
                    workers, owner, asked, bound(endpoint, channels), channels, List::of, null);
        }
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < inherited.size(); i++) {
            Worker worker = workers.all().get(i % workers.count());
            channels.add(done(owner, endpoint, channels, owner.adopt(worker, inherited.get(i))));
        }
        // Whoever was sent to a socket of theirs would be lost with this process.
        List<Worker> without =
                workers.all().subList(Math.min(inherited.size(), workers.count()), workers.count());
        return new Sockets(
                workers,
                owner,
                asked,
                endpoint,
                channels,
                () -> bind(owner, endpoint, without, true),
                null);
    }

    /** An address of a listener that is paused: not bound until it is {@linkplain #again}. */
    static Sockets refusing(Workers workers, Listening listening, Location location) {
        Sockets none =
                new Sockets(
                        workers,
                        new Owner(listening),
                        location,
                        location,
                        List.of(),
                        List::of,
                        null);
        none.refusing = true;
        return none;
    }

    /**
     * Binds anew what was {@linkplain #refuse refused}, where it was bound. Clients find a unix
     * socket when it {@link #appear}s.
     */
    Sockets again() throws BindFailed {
        // Or the kernel would go on sending every other client to those, which overlook them.
        long until = System.nanoTime() + Workers.longestToRefuse().toNanos();
        for (ChannelFuture each : closing) {
            var _ = each.awaitUninterruptibly(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        return bind(
                workers,
                new Owner(owner.listening()),
                asked,
                bound,
                file != null && file.isThere(),
                Inherited.nothing());
    }

    /** One socket for each worker, or none. */
    private static List<Channel> bind(
            Owner owner, Endpoint endpoint, List<Worker> workers, boolean open) throws BindFailed {
        List<Channel> channels = new ArrayList<>();
        for (Worker worker : workers) {
            Endpoint at = bound(endpoint, channels);
            InetSocketAddress address = new InetSocketAddress(at.address(), at.port());
            channels.add(done(owner, endpoint, channels, owner.bind(worker, address, open)));
        }
        return channels;
    }

    /** Port 0 asks the kernel for one: the first worker's holds for all. */
    private static Endpoint bound(Endpoint asked, List<Channel> channels) {
        return channels.isEmpty()
                ? asked
                : new Endpoint(
                        asked.address(),
                        ((InetSocketAddress) channels.getFirst().localAddress()).getPort());
    }

    /** Waits for one more; if it fails, those before are closed. */
    private static Channel done(
            Owner owner, Endpoint endpoint, List<Channel> before, ChannelFuture future)
            throws BindFailed {
        if (!future.awaitUninterruptibly().isSuccess()) {
            before.forEach(channel -> channel.close().awaitUninterruptibly());
            throw refused(owner, endpoint, future.cause());
        }
        return future.channel();
    }

    private static Sockets bind(
            Workers workers, Owner owner, UnixPath path, boolean ours, Inherited inherited)
            throws BindFailed {
        try {
            List<Integer> there = inherited.take(path, false);
            if (!there.isEmpty()) {
                return unix(
                        workers,
                        owner,
                        path,
                        SocketFile.shared(path),
                        owner.adoptForAll(workers.all(), there.getFirst()));
            }
            SocketFile file = SocketFile.at(path, ours);
            Sockets sockets =
                    unix(
                            workers,
                            owner,
                            path,
                            file,
                            owner.bindForAll(workers.all(), file.address(), !inherited.isHeld()));
            try {
                file.bound();
            } catch (IOException refusal) {
                sockets.close();
                throw refusal;
            }
            return sockets;
        } catch (IOException refusal) {
            throw refused(owner, path, refusal);
        }
    }

    private static Sockets unix(
            Workers workers, Owner owner, UnixPath path, SocketFile file, ChannelFuture future)
            throws BindFailed {
        if (!future.awaitUninterruptibly().isSuccess()) {
            throw refused(owner, path, future.cause());
        }
        return new Sockets(workers, owner, path, path, List.of(future.channel()), List::of, file);
    }

    private static BindFailed refused(Owner owner, Location location, Throwable cause) {
        return new BindFailed(
                List.of(BindRefusal.problem(owner.listening().name(), location, cause)));
    }

    /** As configured. */
    Location asked() {
        return asked;
    }

    /** With the port that the kernel chose, where it was asked to. */
    Location bound() {
        return bound;
    }

    /** Clients find it from now on, in place of the one that another listener has there. */
    void appear() throws BindFailed {
        if (file != null) {
            try {
                file.appear();
            } catch (IOException refusal) {
                throw refused(owner, asked, refusal);
            }
        }
    }

    /** Whose connections come in there. */
    Owner owner() {
        return owner;
    }

    /** Whether nobody new comes in by connection. */
    boolean isRefusing() {
        return refusing;
    }

    /** Whether it is of use: the file of a unix socket may be gone. */
    boolean isReachable() {
        return file == null || file.isThere();
    }

    /** Why it accepts no connections, if so; any thread. */
    Optional<String> trouble() {
        if (!channels.stream().allMatch(Channel::isActive)) {
            return Optional.of("%s is not bound".formatted(bound));
        }
        if (!isReachable()) {
            return Optional.of("%s is gone (a reload makes it anew)".formatted(bound));
        }
        boolean refused = channels.stream().anyMatch(each -> !each.config().isAutoRead());
        return refused
                ? Optional.of(
                        "the kernel refuses it connections on %s (is it out of files?)"
                                .formatted(bound))
                : Optional.empty();
    }

    /**
     * Lets clients in from now on, if it does not yet.
     *
     * @throws BindFailed if one that was still missing could not be bound; nobody is let in then
     */
    void begin() throws BindFailed {
        channels = Stream.concat(channels.stream(), more.bind().stream()).toList();
        if (file != null) {
            file.ours(true);
        }
        channels.forEach(channel -> channel.config().setAutoRead(true));
    }

    /** As {@link Balancer#listeningSockets}. */
    List<ListeningSocket> passable() {
        if ((asked instanceof Endpoint endpoint && endpoint.port() == 0) || !isReachable()) {
            return List.of();
        }
        return channels.stream()
                .filter(UnixChannel.class::isInstance)
                .filter(channel -> channel instanceof DatagramChannel || !refusing)
                .map(
                        channel ->
                                new ListeningSocket(
                                        asked,
                                        channel instanceof DatagramChannel,
                                        ((UnixChannel) channel).fd().intValue()))
                .toList();
    }

    /**
     * Another process has the same sockets, and lets clients in there. Whoever came by datagram is
     * still answered from here.
     */
    void leave() {
        if (file != null) {
            file.ours(false);
        }
        for (Channel channel : channels) {
            if (channel instanceof DatagramChannel) {
                channel.config().setAutoRead(false);
            } else {
                channel.close().awaitUninterruptibly();
            }
        }
    }

    /**
     * New connections are refused, for good; those that the kernel is making are let in yet.
     * Whoever came by datagram is heard and answered still. The file of a unix socket stays.
     *
     * @return done when the sockets are closed
     */
    List<ChannelFuture> refuse() {
        if (!refusing) {
            refusing = true;
            closing = workers.refuse(serving().toList());
        }
        return closing;
    }

    private Stream<ServerChannel> serving() {
        return channels.stream()
                .filter(ServerChannel.class::isInstance)
                .map(ServerChannel.class::cast);
    }

    /** Closes it, and lets those in yet whose connections the kernel is making. */
    void closeSoon() {
        if (file != null) {
            file.remove();
        }
        var _ = refuse();
        channels.stream()
                .filter(DatagramChannel.class::isInstance)
                .forEach(channel -> channel.close().awaitUninterruptibly());
    }

    /** Closes it; connections that the kernel has made and we have not yet are reset. */
    void close() {
        if (file != null) {
            file.remove();
        }
        channels.forEach(channel -> channel.close().awaitUninterruptibly());
    }
}

package buoy.lb;

import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.UnixPath;
import buoy.lb.listen.Listening;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One address of a listener: a listening socket on every worker, or a unix socket for all. */
final class Sockets {
    private final Location asked;
    private final Location bound;
    private volatile List<Channel> channels;
    private final String listener;

    /** Makes those that are still missing. */
    private final More more;

    /** Null where there is none. */
    private final @Nullable SocketFile file;

    private Sockets(
            String listener,
            Location asked,
            Location bound,
            List<Channel> channels,
            More more,
            @Nullable SocketFile file) {
        this.listener = listener;
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
        return switch (location) {
            case Endpoint endpoint ->
                    bind(
                            workers,
                            listening,
                            endpoint,
                            inherited.take(endpoint, !listening.takesConnections()),
                            !inherited.isHeld());
            case UnixPath path -> bind(workers, listening, path, ours, inherited);
        };
    }

    private static Sockets bind(
            Workers workers,
            Listening listening,
            Endpoint endpoint,
            List<Integer> inherited,
            boolean open)
            throws BindFailed {
        if (inherited.isEmpty()) {
            List<Channel> channels = bind(listening, endpoint, workers.all(), open);
            return new Sockets(
                    listening.name(),
                    endpoint,
                    bound(endpoint, channels),
                    channels,
                    List::of,
                    null);
        }
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < inherited.size(); i++) {
            Worker worker = workers.all().get(i % workers.count());
            channels.add(
                    done(listening, endpoint, channels, listening.adopt(worker, inherited.get(i))));
        }
        // Whoever was sent to a socket of theirs would be lost with this process.
        List<Worker> without =
                workers.all().subList(Math.min(inherited.size(), workers.count()), workers.count());
        return new Sockets(
                listening.name(),
                endpoint,
                endpoint,
                channels,
                () -> bind(listening, endpoint, without, true),
                null);
    }

    /** One socket for each worker, or none. */
    private static List<Channel> bind(
            Listening listening, Endpoint endpoint, List<Worker> workers, boolean open)
            throws BindFailed {
        List<Channel> channels = new ArrayList<>();
        for (Worker worker : workers) {
            Endpoint at = bound(endpoint, channels);
            InetSocketAddress address = new InetSocketAddress(at.address(), at.port());
            channels.add(
                    done(listening, endpoint, channels, listening.bind(worker, address, open)));
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
            Listening listening, Endpoint endpoint, List<Channel> before, ChannelFuture future)
            throws BindFailed {
        if (!future.awaitUninterruptibly().isSuccess()) {
            before.forEach(channel -> channel.close().awaitUninterruptibly());
            throw refused(listening.name(), endpoint, future.cause());
        }
        return future.channel();
    }

    private static Sockets bind(
            Workers workers, Listening listening, UnixPath path, boolean ours, Inherited inherited)
            throws BindFailed {
        try {
            List<Integer> there = inherited.take(path, false);
            if (!there.isEmpty()) {
                return unix(
                        listening,
                        path,
                        SocketFile.shared(path),
                        listening.adoptForAll(workers.all(), there.getFirst()));
            }
            SocketFile file = SocketFile.at(path, ours);
            Sockets sockets =
                    unix(
                            listening,
                            path,
                            file,
                            listening.bindForAll(
                                    workers.all(), file.address(), !inherited.isHeld()));
            try {
                file.bound();
            } catch (IOException refusal) {
                sockets.close();
                throw refusal;
            }
            return sockets;
        } catch (IOException refusal) {
            throw refused(listening.name(), path, refusal);
        }
    }

    private static Sockets unix(
            Listening listening, UnixPath path, SocketFile file, ChannelFuture future)
            throws BindFailed {
        if (!future.awaitUninterruptibly().isSuccess()) {
            throw refused(listening.name(), path, future.cause());
        }
        return new Sockets(listening.name(), path, path, List.of(future.channel()), List::of, file);
    }

    private static BindFailed refused(String listener, Location location, Throwable cause) {
        return new BindFailed(List.of(BindRefusal.problem(listener, location, cause)));
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
                throw refused(listener, asked, refusal);
            }
        }
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
     * New connections are refused; those that the kernel has let in and we have not yet are reset.
     * Whoever came by datagram is heard and answered still.
     */
    void refuse() {
        for (Channel channel : channels) {
            if (!(channel instanceof DatagramChannel)) {
                channel.close().awaitUninterruptibly();
            }
        }
    }

    void close() {
        if (file != null) {
            file.remove();
        }
        channels.forEach(channel -> channel.close().awaitUninterruptibly());
    }
}

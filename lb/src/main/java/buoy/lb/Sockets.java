package buoy.lb;

import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.UnixPath;
import buoy.lb.listen.Listening;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One address of a listener: a listening socket on every worker, or a unix socket for all. */
final class Sockets {
    private final Location asked;
    private final Location bound;
    private final List<Channel> channels;
    private final String listener;

    /** Null where there is none. */
    private final @Nullable SocketFile file;

    private Sockets(
            String listener,
            Location asked,
            Location bound,
            List<Channel> channels,
            @Nullable SocketFile file) {
        this.listener = listener;
        this.asked = asked;
        this.bound = bound;
        this.channels = List.copyOf(channels);
        this.file = file;
    }

    /**
     * Binds for every worker, or for none. Waits; not for workers. Clients find a unix socket when
     * it {@link #appear}s.
     *
     * @param ours whether another listener has it now, and is about to give it up
     * @param inherited sockets that are bound already: every one is taken, on the workers in turns
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
                            listening.takesConnections() ? inherited.take(endpoint) : List.of());
            case UnixPath path -> bind(workers, listening, path, ours);
        };
    }

    private static Sockets bind(
            Workers workers, Listening listening, Endpoint endpoint, List<Integer> inherited)
            throws BindFailed {
        List<Channel> channels = new ArrayList<>();
        Endpoint bound = endpoint;
        int count = Math.max(workers.count(), inherited.size());
        for (int i = 0; i < count; i++) {
            Worker worker = workers.all().get(i % workers.count());
            ChannelFuture future =
                    (i < inherited.size()
                                    ? listening.adopt(worker, inherited.get(i))
                                    : listening.bind(
                                            worker,
                                            new InetSocketAddress(bound.address(), bound.port())))
                            .awaitUninterruptibly();
            if (!future.isSuccess()) {
                channels.forEach(channel -> channel.close().awaitUninterruptibly());
                throw refused(listening.name(), endpoint, future.cause());
            }
            channels.add(future.channel());
            // Port 0 asks the kernel for one: the first worker's holds for all.
            InetSocketAddress local = (InetSocketAddress) future.channel().localAddress();
            bound = new Endpoint(endpoint.address(), local.getPort());
        }
        return new Sockets(listening.name(), endpoint, bound, channels, null);
    }

    private static Sockets bind(Workers workers, Listening listening, UnixPath path, boolean ours)
            throws BindFailed {
        try {
            SocketFile file = SocketFile.at(path, ours);
            ChannelFuture future =
                    listening.bindForAll(workers.all(), file.address()).awaitUninterruptibly();
            if (!future.isSuccess()) {
                throw refused(listening.name(), path, future.cause());
            }
            Sockets sockets =
                    new Sockets(listening.name(), path, path, List.of(future.channel()), file);
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

    /** Accepts from now on, if it does not yet. */
    void begin() {
        channels.forEach(channel -> channel.config().setAutoRead(true));
    }

    /** As {@link Balancer#listeningSockets}. */
    List<ListeningSocket> passable() {
        if (!(asked instanceof Endpoint endpoint) || endpoint.port() == 0) {
            return List.of();
        }
        return channels.stream()
                .filter(EpollServerSocketChannel.class::isInstance)
                .map(EpollServerSocketChannel.class::cast)
                .map(channel -> new ListeningSocket(endpoint, channel.fd().intValue()))
                .toList();
    }

    void close() {
        if (file != null) {
            file.remove();
        }
        channels.forEach(channel -> channel.close().awaitUninterruptibly());
    }
}

package buoy.lb;

import buoy.config.model.Endpoint;
import buoy.lb.listen.Listening;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One address of a listener: a listening socket on every worker. */
final class Sockets {
    private final Endpoint asked;
    private final Endpoint bound;
    private final List<Channel> channels;

    private Sockets(Endpoint asked, Endpoint bound, List<Channel> channels) {
        this.asked = asked;
        this.bound = bound;
        this.channels = List.copyOf(channels);
    }

    /** Binds on every worker, or on none. Waits; not for workers. */
    static Sockets bind(Workers workers, Listening listening, Endpoint endpoint) throws BindFailed {
        List<Channel> channels = new ArrayList<>();
        Endpoint bound = endpoint;
        for (Worker worker : workers.all()) {
            ChannelFuture future =
                    listening
                            .bind(worker, new InetSocketAddress(bound.address(), bound.port()))
                            .awaitUninterruptibly();
            if (!future.isSuccess()) {
                channels.forEach(channel -> channel.close().awaitUninterruptibly());
                throw new BindFailed(
                        List.of(BindRefusal.problem(listening.name(), endpoint, future.cause())));
            }
            channels.add(future.channel());
            // Port 0 asks the kernel for one: the first worker's holds for all.
            InetSocketAddress local = (InetSocketAddress) future.channel().localAddress();
            bound = new Endpoint(endpoint.address(), local.getPort());
        }
        return new Sockets(endpoint, bound, channels);
    }

    /** As configured. */
    Endpoint asked() {
        return asked;
    }

    /** With the port that the kernel chose, where it was asked to. */
    Endpoint bound() {
        return bound;
    }

    /** Why it accepts no connections, if so; any thread. */
    Optional<String> trouble() {
        if (!channels.stream().allMatch(Channel::isActive)) {
            return Optional.of("%s is not bound".formatted(bound));
        }
        boolean refused = channels.stream().anyMatch(each -> !each.config().isAutoRead());
        return refused
                ? Optional.of(
                        "the kernel refuses it connections on %s (is it out of files?)"
                                .formatted(bound))
                : Optional.empty();
    }

    void close() {
        channels.forEach(channel -> channel.close().awaitUninterruptibly());
    }
}

package buoy.lb.udp;

import buoy.config.model.Listener;
import buoy.lb.listen.DatagramFront;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Pool;
import buoy.lb.worker.Worker;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What a listener does with datagrams.
 *
 * @param idle how long a session may be silent
 * @param responses to each datagram of a client's; empty where nobody knows
 * @param sockets all there are
 */
public record UdpFront(Pool pool, Duration idle, OptionalInt responses, UdpSockets sockets)
        implements DatagramFront {
    /**
     * Compiles a listener.
     *
     * @param sockets all there are
     * @param pools by name
     */
    public static UdpFront of(
            Listener.Udp config, UdpSockets sockets, Function<String, Pool> pools) {
        return new UdpFront(pools.apply(config.pool()), config.idle(), config.responses(), sockets);
    }

    @Override
    public ChannelHandler receiver(Worker worker, Listening listening) {
        return new Datagrams(worker, listening, sockets);
    }
}

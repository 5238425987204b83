package buoy.lb.listen;

import buoy.lb.proxy.Ends;
import buoy.lb.worker.Worker;
import io.netty.channel.socket.DuplexChannel;
import java.util.Optional;

/**
 * What a listener does with its connections. A long one that asks its listening for the front again
 * sees a reload.
 */
public non-sealed interface ConnectionFront extends Front {
    /**
     * A client connected. Called on the worker. The channel is registered and active; auto-read is
     * off; its pipeline is empty. The front adds its handlers and starts reading.
     *
     * @param ends whose connection it is, as its proxy says where it has one
     * @param tls what to speak with the client, where the listener has TLS
     * @return how to end this connection; the acceptor keeps it until the channel is closed
     */
    Client accepted(
            Worker worker,
            Listening listening,
            DuplexChannel channel,
            Ends ends,
            Optional<Securing> tls);
}

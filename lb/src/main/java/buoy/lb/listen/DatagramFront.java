package buoy.lb.listen;

import buoy.lb.worker.Worker;
import io.netty.channel.ChannelHandler;

/**
 * What a listener does with datagrams. Those who receive them ask their listening for the front
 * again, and so see a reload.
 */
public non-sealed interface DatagramFront extends Front {
    /** Receives what comes to one socket, on the worker, from when it is bound until it closes. */
    ChannelHandler receiver(Worker worker, Listening listening);
}

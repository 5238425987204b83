package buoy.lb.listen;

import io.netty.channel.ChannelPipeline;

/** Speaks TLS on accepted connections. Called on the worker, with the pipeline empty. */
public interface Securing {
    /** Adds what speaks TLS with one client. */
    void install(ChannelPipeline pipeline);
}

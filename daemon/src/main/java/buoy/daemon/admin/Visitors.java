package buoy.daemon.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Sets up each connection of a door, and turns away what is too many. */
final class Visitors extends ChannelInitializer<Channel> {
    private static final int AT_ONCE = 64;
    private static final int LONGEST_BODY = 64 * 1024;
    private static final int WRITE_SECONDS = 10;

    private final Handler handler;
    private final Predicate<String> hosts;
    private final AtomicInteger inside = new AtomicInteger();

    Visitors(Handler handler, Predicate<String> hosts) {
        this.handler = handler;
        this.hosts = hosts;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (inside.incrementAndGet() > AT_ONCE) {
            inside.decrementAndGet();
            var _ = channel.close();
            return;
        }
        channel.closeFuture().addListener(_ -> inside.decrementAndGet());
        // Read one request at a time: the next is looked at when the answer is out.
        channel.config().setAutoRead(false);
        channel.pipeline()
                .addLast(
                        new WriteTimeoutHandler(WRITE_SECONDS),
                        new HttpServerCodec(),
                        new HttpServerKeepAliveHandler(),
                        new HttpObjectAggregator(LONGEST_BODY),
                        new FlowControlHandler(),
                        new Visit(handler, hosts));
    }
}

package buoy.lb.worker;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One event loop and its thread. Except {@link #lastTick} and {@link #loop}, everything here is
 * called on that thread alone.
 */
public final class Worker {
    private static final Duration TICK = Duration.ofMillis(100);

    private final int index;
    private final EventLoop loop;
    private final Transport transport;
    private final ByteBufAllocator allocator;
    private final AtomicLong tick = new AtomicLong(System.nanoTime());

    Worker(int index, EventLoop loop, Transport transport, ByteBufAllocator allocator) {
        this.index = index;
        this.loop = loop;
        this.transport = transport;
        this.allocator = allocator;
    }

    void startTicking() {
        var _ =
                loop.scheduleAtFixedRate(
                        () -> tick.setOpaque(System.nanoTime()),
                        0,
                        TICK.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    /** From 0 to the count of workers - 1: the place of this worker in arrays kept for each. */
    public int index() {
        return index;
    }

    public EventLoop loop() {
        return loop;
    }

    /** Buffers for this worker's connections. */
    public ByteBufAllocator allocator() {
        return allocator;
    }

    /**
     * {@link System#nanoTime} as of at most a tenth of a second ago: a plain read, good enough for
     * idle timeouts.
     */
    public long now() {
        return tick.getPlain();
    }

    /**
     * The last sign of life of this worker, in {@link System#nanoTime}'s terms; any thread may ask.
     * Older than a second means that the worker hangs.
     */
    public long lastTick() {
        return tick.getOpaque();
    }

    /**
     * Opens a connection on this worker. Nothing is read until the caller reads or turns auto-read
     * on; either side may be shut alone.
     *
     * @param handler the first in the pipeline; sees the channel active
     * @return done when connected, or failed; the channel is closed then
     */
    public ChannelFuture connect(
            InetSocketAddress address, Duration timeout, ChannelHandler handler) {
        SocketChannel channel = transport.socket(address.getAddress());
        configure(channel.config());
        channel.config().setConnectTimeoutMillis(Math.toIntExact(timeout.toMillis()));
        channel.pipeline().addLast(handler);
        ChannelPromise connected = channel.newPromise();
        loop.register(channel)
                .addListener(
                        registered -> {
                            if (registered.isSuccess()) {
                                var _ = channel.connect(address, connected);
                            } else {
                                connected.setFailure(registered.cause());
                            }
                        });
        return connected;
    }

    /**
     * Listens on this worker. Connections are handed over registered and active, with auto-read
     * off.
     */
    public ChannelFuture listen(InetSocketAddress address, Consumer<SocketChannel> accepted) {
        ServerChannel channel = transport.listeningSocket(address.getAddress());
        channel.config().setAllocator(allocator);
        channel.pipeline().addLast(new Accepting(this, accepted));
        ChannelPromise bound = channel.newPromise();
        loop.register(channel)
                .addListener(
                        registered -> {
                            if (registered.isSuccess()) {
                                var _ = channel.bind(address, bound);
                            } else {
                                bound.setFailure(registered.cause());
                            }
                        });
        return bound;
    }

    /** What holds for connections of both sides. */
    void configure(SocketChannelConfig config) {
        config.setAllocator(allocator);
        config.setAutoRead(false);
        config.setAllowHalfClosure(true);
        config.setTcpNoDelay(true);
        config.setKeepAlive(true);
    }

    /** Runs on this worker: now if called on it, else soon. */
    public void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** Takes a connection in; any failure closes it. */
    void register(Channel channel, Runnable then) {
        loop.register(channel)
                .addListener(
                        registered -> {
                            if (registered.isSuccess()) {
                                then.run();
                            } else {
                                channel.unsafe().closeForcibly();
                            }
                        });
    }

    @Override
    public String toString() {
        return "worker " + index;
    }
}

package buoy.lb.worker;

import buoy.config.model.TcpOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop and its thread. Except {@link #lastTick}, {@link #thread} and {@link #loop},
 * everything here is called on that thread alone.
 */
public final class Worker {
    private static final Duration TICK = Duration.ofMillis(100);

    /**
     * Above the high mark the other side of a relay stops reading. It is twice the largest read, so
     * that one read never reaches it unless the socket is full.
     */
    private static final WriteBufferWaterMark MARKS =
            new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    /** What is less waits beside what the kernel has taken, of which there is much more. */
    private static final WriteBufferWaterMark LOW_MARKS =
            new WriteBufferWaterMark(8 * 1024, 16 * 1024);

    private final int index;
    private final EventLoop loop;
    private final Transport transport;
    private final ByteBufAllocator allocator;
    private final Memory memory;
    private final SharedReads reads;
    private final Pipes pipes = new Pipes();
    private final Deadlines deadlines = new Deadlines(System.nanoTime(), TICK.toNanos());
    private final AtomicLong tick = new AtomicLong(System.nanoTime());
    private volatile OptionalInt thread = OptionalInt.empty();
    private long numbers;

    Worker(
            int index,
            EventLoop loop,
            Transport transport,
            ByteBufAllocator allocator,
            Memory memory) {
        this.index = index;
        this.loop = loop;
        this.transport = transport;
        this.allocator = allocator;
        this.memory = memory;
        this.reads = new SharedReads(memory);
    }

    void startTicking() {
        loop.execute(() -> thread = ownThread());
        var _ = loop.scheduleAtFixedRate(this::tick, 0, TICK.toNanos(), TimeUnit.NANOSECONDS);
        loop.execute(this::sweep);
    }

    /** Not at a fixed rate: that would end with the first of them that fails, for all. */
    private void sweep() {
        try {
            deadlines.sweep(System.nanoTime());
        } finally {
            var _ = loop.schedule(this::sweep, TICK.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Its deadline is so far away from now on, whatever it was before. Late by two ticks at most.
     */
    public void expire(Deadlines.Timed timed, long inNanos) {
        deadlines.set(timed, now() + inNanos);
    }

    /** It has no deadline any more. */
    public void off(Deadlines.Timed timed) {
        deadlines.off(timed);
    }

    private void tick() {
        tick.setOpaque(System.nanoTime());
        if (index == 0) {
            memory.look();
        }
    }

    /** As the kernel numbers it: the last part of {@code PROCESS/task/THREAD}. */
    private static OptionalInt ownThread() {
        try {
            Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            return OptionalInt.of(Integer.parseInt(self.getFileName().toString()));
        } catch (IOException | NumberFormatException _) {
            return OptionalInt.empty(); // no /proc: then nobody could look it up there either
        }
    }

    /** The number its thread has in the kernel, once it runs; any thread may ask. */
    public OptionalInt thread() {
        return thread;
    }

    /** From 0 to the count of workers - 1: the place of this worker in arrays kept for each. */
    public int index() {
        return index;
    }

    /** Another number at each call, the higher the later. */
    public long number() {
        return ++numbers;
    }

    public EventLoop loop() {
        return loop;
    }

    /** Buffers for this worker's connections. */
    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** What all workers together have taken of it. */
    public Memory memory() {
        return memory;
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
     * Old means that the worker hangs, or that the machine is starved.
     */
    public long lastTick() {
        return tick.getOpaque();
    }

    /** As {@link #connect(SocketAddress, Duration)}, with a handler that sees all of it. */
    public ChannelFuture connect(SocketAddress address, Duration timeout, ChannelHandler handler) {
        DuplexChannel channel = transport.socket(address);
        channel.pipeline().addLast(handler);
        return connect(channel, address, null, timeout);
    }

    /**
     * Opens a connection on this worker. Nothing is read until the caller reads or turns auto-read
     * on, so handlers may be added when it stands; either side may be shut alone.
     *
     * @return done when connected, or failed; the channel is closed then
     */
    public ChannelFuture connect(SocketAddress address, Duration timeout) {
        return connect(address, null, timeout, TcpOptions.KERNELS);
    }

    /**
     * The same from an address.
     *
     * @param from null leaves it to the kernel, and so does one of another family
     * @param watched how it is found out that the other end is gone
     */
    public ChannelFuture connect(
            SocketAddress address, @Nullable From from, Duration timeout, TcpOptions watched) {
        DuplexChannel channel = transport.socket(address);
        transport.watch(channel, watched);
        return connect(channel, address, from, timeout);
    }

    /** The same for connections from elsewhere. */
    public void watch(DuplexChannel channel, TcpOptions by) {
        if (by.equals(TcpOptions.KERNELS)) {
            return;
        }
        try {
            transport.watch(channel, by);
        } catch (ChannelException _) {
            // Its client is gone already, and it will be said so.
        }
    }

    private ChannelFuture connect(
            DuplexChannel channel, SocketAddress address, @Nullable From from, Duration timeout) {
        configure(channel.config());
        // Netty's own would keep its timer for as long as the connection lasts.
        channel.config().setConnectTimeoutMillis(0);
        ChannelPromise connected = channel.newPromise();
        Future<?> timer =
                loop.schedule(
                        () -> giveUp(connected, address, timeout),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS);
        connected.addListener(_ -> timer.cancel(false));
        return connect(channel, address, from, connected);
    }

    private static void giveUp(ChannelPromise connected, SocketAddress to, Duration after) {
        if (connected.tryFailure(
                new ConnectTimeoutException(
                        "no connection to %s after %d ms".formatted(to, after.toMillis())))) {
            var _ = connected.channel().close();
        }
    }

    private ChannelFuture connect(
            Channel channel, SocketAddress address, @Nullable From from, ChannelPromise connected) {
        return whenRegistered(
                channel,
                connected,
                () -> {
                    if (from == null || !from.fits(address)) {
                        var _ = channel.connect(transport.address(address), connected);
                        return;
                    }
                    try {
                        transport.comesFrom(channel, from);
                        var _ =
                                channel.connect(
                                        address,
                                        new InetSocketAddress(from.address(), 0),
                                        connected);
                    } catch (ChannelException refused) {
                        connected.setFailure(refused);
                        var _ = channel.close();
                    }
                });
    }

    /**
     * Listens on this worker. Connections are handed over registered and active, with auto-read
     * off.
     *
     * @param open whether anybody is accepted before auto-read is turned on
     * @param to the worker where the next one lives, on which {@code accepted} is called
     */
    public ChannelFuture listen(
            SocketAddress address,
            boolean open,
            Supplier<Worker> to,
            BiConsumer<Worker, DuplexChannel> accepted) {
        ServerChannel channel = accepting(transport.listeningSocket(address), open, to, accepted);
        ChannelPromise bound = channel.newPromise();
        return whenRegistered(
                channel,
                bound,
                () -> {
                    var _ = channel.bind(transport.address(address), bound);
                });
    }

    private ServerChannel accepting(
            ServerChannel channel,
            boolean open,
            Supplier<Worker> to,
            BiConsumer<Worker, DuplexChannel> accepted) {
        channel.config().setAllocator(allocator);
        channel.config().setAutoRead(open);
        channel.pipeline().addLast(new Accepting(to, accepted));
        return channel;
    }

    /**
     * As {@link #listen} for this worker's own connections, with a socket that listens already.
     * Nobody is accepted until auto-read is turned on.
     */
    public ChannelFuture adopt(int descriptor, BiConsumer<Worker, DuplexChannel> accepted) {
        return loop.register(
                accepting(transport.listeningSocket(descriptor), false, () -> this, accepted));
    }

    /** As {@link #adopt} with a unix socket, for all workers. */
    public ChannelFuture adoptUnix(
            int descriptor, Supplier<Worker> to, BiConsumer<Worker, DuplexChannel> accepted) {
        return loop.register(
                accepting(transport.unixListeningSocket(descriptor), false, to, accepted));
    }

    /** As {@link #adopt} with one for datagrams. */
    public ChannelFuture adoptDatagrams(int descriptor, ChannelHandler receiver) {
        DatagramChannel channel = transport.receivingSocket(descriptor);
        channel.config().setAutoRead(false);
        var _ = datagrams(channel, receiver);
        return loop.register(channel);
    }

    /**
     * Receives datagrams on this worker; whoever is given them answers on the same channel.
     *
     * @param open whether any is read before auto-read is turned on
     */
    public ChannelFuture receive(InetSocketAddress address, boolean open, ChannelHandler receiver) {
        DatagramChannel channel = transport.receivingSocket(address.getAddress());
        channel.config().setAutoRead(open);
        ChannelPromise bound = datagrams(channel, receiver);
        return whenRegistered(
                channel,
                bound,
                () -> {
                    var _ = channel.bind(address, bound);
                });
    }

    /**
     * Opens a socket for datagrams to one address and from it. On this worker's thread it is
     * connected, or refused, when this returns.
     *
     * @throws io.netty.channel.ChannelException if there is no socket to be had
     */
    public ChannelFuture connectDatagrams(
            InetSocketAddress address, @Nullable From from, ChannelHandler receiver) {
        DatagramChannel channel = transport.datagramSocket(address.getAddress());
        return connect(channel, address, from, datagrams(channel, receiver));
    }

    private ChannelPromise datagrams(DatagramChannel channel, ChannelHandler receiver) {
        channel.config().setAllocator(allocator);
        channel.config().setRecvByteBufAllocator(reads);
        channel.pipeline().addLast(receiver);
        return channel.newPromise();
    }

    private ChannelFuture whenRegistered(Channel channel, ChannelPromise promise, Runnable then) {
        loop.register(channel)
                .addListener(
                        registered -> {
                            if (registered.isSuccess()) {
                                then.run();
                            } else {
                                promise.setFailure(registered.cause());
                            }
                        });
        return promise;
    }

    /**
     * Makes a connection read into the buffer that all such connections of this worker share: for
     * those whose bytes are passed on at once. To be called before the first read.
     */
    public void shareReads(DuplexChannel channel) {
        channel.config().setRecvByteBufAllocator(reads);
    }

    /** As {@link #shareReads}, with something before each batch of reads. */
    public void shareReads(DuplexChannel channel, BeforeReads first) {
        channel.config().setRecvByteBufAllocator(reads.after(first));
    }

    /** For bytes that stay in the kernel. */
    public Pipes pipes() {
        return pipes;
    }

    /**
     * Lets a connection send although its own address has left this host, where that is possible.
     */
    public void sendWithoutAddress(DuplexChannel channel) {
        transport.sendWithoutAddress(channel);
    }

    /** Above a low mark already nothing more is read for this connection. */
    public void letLittleWait(DuplexChannel channel) {
        channel.config().setWriteBufferWaterMark(LOW_MARKS);
    }

    /** What holds for connections of both sides. */
    void configure(ChannelConfig config) {
        config.setAllocator(allocator);
        config.setAutoRead(false);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        config.setWriteBufferWaterMark(memory.isScarce() ? LOW_MARKS : MARKS);
        if (config instanceof SocketChannelConfig tcp) {
            tcp.setTcpNoDelay(true);
            tcp.setKeepAlive(true);
        }
    }

    /**
     * Runs on this worker: now if called on it, else soon. Once it ends, never: its connections end
     * with it.
     */
    public void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            if (!loop.isShuttingDown()) {
                throw e;
            }
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

    /** Gives its memory back, once its connections are closed. */
    void release() {
        reads.release();
        pipes.close();
    }

    @Override
    public String toString() {
        return "worker " + index;
    }
}

package buoy.lb.worker;

import buoy.config.model.ProcessSettings;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** All workers of the process. */
public final class Workers {
    private final MultiThreadIoEventLoopGroup group;
    private final Transport transport;
    private final List<Worker> all;
    private final Memory memory;

    private Workers(
            MultiThreadIoEventLoopGroup group,
            Transport transport,
            List<Worker> all,
            Memory memory) {
        this.group = group;
        this.transport = transport;
        this.all = all;
        this.memory = memory;
    }

    /**
     * Starts as many workers as {@code process.workers} says; without it, one for each core. They
     * have as much memory outside the heap as the JVM gives, which is what the heap may have.
     */
    public static Workers start(ProcessSettings settings) throws TransportUnavailable {
        return start(settings, Runtime.getRuntime().maxMemory());
    }

    /**
     * The same with a bound of their own.
     *
     * @param memory bytes
     */
    public static Workers start(ProcessSettings settings, long memory) throws TransportUnavailable {
        if (System.getProperty("io.netty.leakDetection.level") == null) {
            // Netty's default watches one buffer in 128, for those who look for leaks: tests do.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
        int count = settings.workers().orElseGet(Runtime.getRuntime()::availableProcessors);
        Transport transport = Transport.of(settings.transport());
        // Pooled, not Netty 4.2's adaptive default: one arena for each worker and no heap arenas,
        // so
        // that memory is a known multiple of the workers.
        PooledByteBufAllocator allocator =
                new PooledByteBufAllocator(true, 0, count, 8192, 9, 256, 64, true);
        Memory held = new Memory(allocator, memory);
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        count, new DefaultThreadFactory("worker"), transport.polling());
        List<Worker> all = new ArrayList<>(count);
        for (EventExecutor loop : group) {
            all.add(new Worker(all.size(), (EventLoop) loop, transport, allocator, held));
        }
        all.forEach(Worker::startTicking);
        return new Workers(group, transport, List.copyOf(all), held);
    }

    public int count() {
        return all.size();
    }

    public List<Worker> all() {
        return all;
    }

    public Worker get(int index) {
        return all.get(index);
    }

    /** What all workers together have taken of it. */
    public Memory memory() {
        return memory;
    }

    /** The transport in use: {@code epoll} or {@code nio}. */
    public String transport() {
        return transport.name();
    }

    /** Whether connections may come from addresses that this host does not have. */
    public boolean mayBeTransparent() {
        return transport.mayBeTransparent();
    }

    /** Whether {@code user-timeout} can be had. */
    public boolean haveUserTimeout() {
        return transport.hasUserTimeout();
    }

    /**
     * The longest that {@link #refuse} takes. Where nobody may come in so late it is not the way.
     */
    public static Duration longestToRefuse() {
        return Closing.AT_MOST;
    }

    /**
     * Refuses new connections at an address. Those that the kernel is making are let in yet, for a
     * fraction of a second; then its sockets are closed. Where nobody has come for a second they
     * are at once.
     *
     * @return done when they are closed, each
     */
    public List<ChannelFuture> refuse(List<ServerChannel> address) {
        return Closing.of(transport, address);
    }

    /** Runs on every worker, soon. */
    public void runOnEach(Consumer<Worker> task) {
        for (Worker worker : all) {
            worker.run(() -> task.accept(worker));
        }
    }

    /** Closes every connection and ends the threads; waits at most {@code patience}. */
    public void close(Duration patience) throws InterruptedException {
        boolean ended =
                group.shutdownGracefully(0, patience.toMillis(), TimeUnit.MILLISECONDS)
                        .await(patience.toMillis());
        if (ended) {
            all.forEach(Worker::release);
        }
    }
}

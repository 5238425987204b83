package buoy.daemon.track;

import buoy.daemon.log.Log;
import buoy.linux.Kernel;
import buoy.linux.Poller;
import buoy.linux.SyscallFailed;
import buoy.vrrp.track.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** The thread that hears from the kernel about files and processes. */
final class KernelWatch implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(1);

    private final Poller poller;
    private final FileWatch files;
    private final ProcessWatch processes;
    private final Log log;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closing;
    private boolean complained;

    private KernelWatch(Kernel kernel, Poller poller, Findings findings, Log log) {
        this.poller = poller;
        this.log = log;
        this.files = new FileWatch(kernel, poller, findings);
        this.processes = new ProcessWatch(kernel, poller, findings);
        this.thread = Thread.ofPlatform().name("buoy-track").daemon().unstarted(this::run);
    }

    static KernelWatch start(Kernel kernel, Findings findings, Log log) throws SyscallFailed {
        KernelWatch watch = new KernelWatch(kernel, Poller.open(kernel), findings, log);
        watch.thread.start();
        return watch;
    }

    void add(Subject.File file) {
        post(() -> files.add(file, System.nanoTime()));
    }

    void add(Subject.ProcessName name) {
        post(() -> processes.add(name, System.nanoTime()));
    }

    void remove(Subject.File file) {
        post(() -> files.remove(file));
    }

    void remove(Subject.ProcessName name) {
        post(() -> processes.remove(name));
    }

    String howFiles() {
        return files.how();
    }

    String howProcesses() {
        return processes.how();
    }

    private void post(Runnable command) {
        commands.add(command);
        poller.wake();
    }

    private void run() {
        while (!closing) {
            try {
                turn();
            } catch (SyscallFailed refused) {
                complain(refused);
            } catch (RuntimeException bug) {
                log.error("track", "a bug in the watch over files and processes", bug);
            }
        }
        files.close();
        processes.close();
        poller.close();
    }

    private void turn() throws SyscallFailed {
        for (Runnable next = commands.poll(); next != null; next = commands.poll()) {
            next.run();
        }
        long now = System.nanoTime();
        files.act(now);
        processes.act(now);
        poller.await(nanosUntilDue(now));
    }

    private long nanosUntilDue(long now) {
        long most = IDLE.toNanos();
        for (Optional<Long> due : List.of(files.dueAt(), processes.dueAt())) {
            most = due.isPresent() ? Math.min(most, due.get() - now) : most;
        }
        return most;
    }

    /** Said once; what is watched is looked at again all the same. */
    private void complain(SyscallFailed refused) {
        if (!complained) {
            complained = true;
            log.warn("track", "files and processes: " + refused.getMessage());
        }
        LockSupport.parkNanos(AFTER_REFUSAL.toNanos());
    }

    @Override
    public void close() {
        closing = true;
        poller.wake();
    }
}

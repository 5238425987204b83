package buoy.linux;

import buoy.linux.layout.PollEntries;
import java.util.Arrays;

/**
 * Waits until one of several descriptors has something to read, a time has passed, or another
 * thread calls {@link #wake}. All other methods are for the one thread that waits.
 */
public final class Poller implements AutoCloseable {
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int COUNTER = 8;

    private final Kernel kernel;
    private final Descriptor wakeUps;
    private final byte[] one = new byte[COUNTER];
    private final byte[] drained = new byte[COUNTER];

    /** The descriptor for wake-ups comes first. */
    private int[] fds;

    /** What the last {@link #await} found, and for which descriptors. */
    private byte[] entries = new byte[0];

    private int[] asked = new int[0];

    private boolean closed;

    private Poller(Kernel kernel, Descriptor wakeUps) {
        this.kernel = kernel;
        this.wakeUps = wakeUps;
        this.fds = new int[] {wakeUps.fd()};
        Arrays.fill(one, (byte) 1); // not zero, and far from overflow, in any byte order
    }

    /** Opens a poller that watches nothing yet. */
    public static Poller open(Kernel kernel) throws SyscallFailed {
        var fd = kernel.posix().eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        return new Poller(kernel, Descriptor.of(kernel, fd, "eventfd", "wake-ups"));
    }

    /** Watches one more descriptor. */
    public void watch(int fd) {
        fds = Arrays.copyOf(fds, fds.length + 1);
        fds[fds.length - 1] = fd;
    }

    /** Watches it no longer; to be called before it is closed. */
    public void unwatch(int fd) {
        fds = Arrays.stream(fds).filter(other -> other != fd).toArray();
    }

    /**
     * Waits, with {@code ppoll(2)}; to within some 50 us, or a few with {@link RealTime}. May
     * return early for a signal.
     *
     * @param nanos how long at most; zero or less looks without waiting
     */
    public void await(long nanos) throws SyscallFailed {
        entries = PollEntries.readable(fds);
        asked = fds;
        var ready =
                kernel.posix()
                        .ppoll(entries, fds.length, PollEntries.timeout(Math.max(nanos, 0)), 0);
        if (ready < 0) {
            var reason = kernel.errno();
            if (!reason.equals(Errno.EINTR)) {
                throw new SyscallFailed("ppoll", fds.length + " descriptors", reason, "");
            }
            return;
        }
        if (ready > 0 && PollEntries.isReady(entries, 0)) {
            var _ = kernel.posix().read(wakeUps.fd(), drained, COUNTER); // sets the counter to zero
        }
    }

    /** Whether the last {@link #await} found something to read there. */
    public boolean isReady(int fd) {
        for (var i = 0; i < asked.length; i++) {
            if (asked[i] == fd) {
                return PollEntries.isReady(entries, i);
            }
        }
        return false;
    }

    /** Ends the present or the next {@link #await}; any thread, never waits. */
    public synchronized void wake() {
        if (!closed) {
            // It can only fail with a full counter, and then the wake-up is there already.
            var _ = kernel.posix().write(wakeUps.fd(), one, COUNTER);
        }
    }

    /** Later wake-ups do nothing, so that none can hit a descriptor that got the same number. */
    @Override
    public synchronized void close() {
        closed = true;
        wakeUps.close();
    }
}

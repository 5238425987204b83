package buoy.linux.layout;

/**
 * An array of {@code struct pollfd} (file descriptor, events wanted, events seen) and its timeout.
 */
public final class PollEntries {
    private static final int SIZE = 8;
    private static final short POLLIN = 1;
    private static final int SEEN = 6;

    private PollEntries() {}

    /** Entries that wait for something to read; errors and hang-ups are told unasked. */
    public static byte[] readable(int... fds) {
        var entries = new byte[fds.length * SIZE];
        var buffer = NativeOrder.wrap(entries);
        for (var fd : fds) {
            buffer.putInt(fd).putShort(POLLIN).putShort((short) 0);
        }
        return entries;
    }

    /** Whether anything was seen on the entry: data, an error or a hang-up; reading tells which. */
    public static boolean isReady(byte[] entries, int index) {
        return NativeOrder.wrap(entries).getShort(index * SIZE + SEEN) != 0;
    }

    /**
     * {@code struct timespec}.
     *
     * @param nanos not negative
     */
    public static byte[] timeout(long nanos) {
        return NativeOrder.allocate(16)
                .putLong(nanos / 1_000_000_000L)
                .putLong(nanos % 1_000_000_000L)
                .array();
    }
}

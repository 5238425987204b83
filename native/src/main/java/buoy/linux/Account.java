package buoy.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A user of this host, as the name service of the C library knows it. */
public record Account(int user, int group) {
    /** {@code struct passwd} of 64-bit Linux; these are behind two of its pointers. */
    private static final int PASSWD = 48;

    private static final int PW_UID = 16;
    private static final int PW_GID = 20;

    /** {@code struct group}, likewise. */
    private static final int GROUP = 32;

    private static final int GR_GID = 16;

    private static final int ERANGE = 34;

    /** For the entry's texts, which nobody reads. */
    private static final int FIRST_TEXT = 4096;

    private static final int MOST_TEXT = 1 << 20;

    private static final int FIRST_GROUPS = 64;

    /** Looks it up; may take as long as the host's name service takes, and holds up nobody else. */
    public static Optional<Account> named(Kernel kernel, String name) {
        return entry(kernel.posix()::getpwnam_r, name, PASSWD)
                .map(entry -> new Account(entry.getInt(PW_UID), entry.getInt(PW_GID)));
    }

    /** The number of a group, looked up likewise. */
    public static Optional<Integer> group(Kernel kernel, String name) {
        return entry(kernel.posix()::getgrnam_r, name, GROUP).map(entry -> entry.getInt(GR_GID));
    }

    @FunctionalInterface
    private interface Search {
        int by(byte[] name, byte[] entry, byte[] text, long size, byte[] found);
    }

    private static Optional<ByteBuffer> entry(Search search, String name, int length) {
        var entry = new byte[length];
        for (var size = FIRST_TEXT; size <= MOST_TEXT; size *= 2) {
            var found = new byte[Long.BYTES];
            var error = search.by(Kernel.cString(name), entry, new byte[size], size, found);
            if (error != ERANGE) {
                return ByteBuffer.wrap(found).getLong() == 0
                        ? Optional.empty()
                        : Optional.of(ByteBuffer.wrap(entry).order(ByteOrder.nativeOrder()));
            }
        }
        return Optional.empty();
    }

    /** All groups that it is in, its own among them. */
    public Set<Integer> groups(Kernel kernel, String name) {
        var room = FIRST_GROUPS;
        for (; ; ) {
            var groups = new byte[room * Integer.BYTES];
            var count = new int[] {room};
            var error = kernel.posix().getgrouplist(Kernel.cString(name), group, groups, count);
            if (error >= 0 || count[0] <= room) {
                var found = ByteBuffer.wrap(groups).order(ByteOrder.nativeOrder()).asIntBuffer();
                return IntStream.range(0, Math.min(count[0], room))
                        .mapToObj(found::get)
                        .collect(Collectors.toSet());
            }
            room = count[0];
        }
    }
}

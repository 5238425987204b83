package buoy.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** A user of this host, as the name service of the C library knows it. */
public record Account(int user, int group) {
    /** {@code struct passwd} of 64-bit Linux; these are behind two of its pointers. */
    private static final int PASSWD = 48;

    private static final int PW_UID = 16;
    private static final int PW_GID = 20;

    private static final int ERANGE = 34;

    /** For the entry's texts, which nobody reads. */
    private static final int FIRST_TEXT = 4096;

    private static final int MOST_TEXT = 1 << 20;

    /** Looks it up; may take as long as the host's name service takes, and holds up nobody else. */
    public static Optional<Account> named(Kernel kernel, String name) {
        var entry = new byte[PASSWD];
        for (var size = FIRST_TEXT; size <= MOST_TEXT; size *= 2) {
            var found = new byte[Long.BYTES];
            var error =
                    kernel.posix()
                            .getpwnam_r(Kernel.cString(name), entry, new byte[size], size, found);
            if (error != ERANGE) {
                return ByteBuffer.wrap(found).getLong() == 0
                        ? Optional.empty()
                        : Optional.of(of(ByteBuffer.wrap(entry).order(ByteOrder.nativeOrder())));
            }
        }
        return Optional.empty();
    }

    private static Account of(ByteBuffer entry) {
        return new Account(entry.getInt(PW_UID), entry.getInt(PW_GID));
    }
}

package buoy.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** A user of this host, as the name service of the C library knows it. */
public record Account(int user, int group) {
    /** In {@code struct passwd} of 64-bit Linux, behind two pointers. */
    private static final int PW_UID = 16;

    private static final int SIZE = PW_UID + 8;

    /** Looks it up; may take as long as the host's name service takes. */
    public static Optional<Account> named(Kernel kernel, String name) {
        // The library answers in memory of its own, the same for every caller.
        synchronized (Account.class) {
            var entry = kernel.posix().getpwnam(Kernel.cString(name));
            if (entry == 0) {
                return Optional.empty();
            }
            var bytes = new byte[SIZE];
            var _ = kernel.posix().memcpy(bytes, entry, SIZE);
            var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
            return Optional.of(new Account(buffer.getInt(PW_UID), buffer.getInt(PW_UID + 4)));
        }
    }
}

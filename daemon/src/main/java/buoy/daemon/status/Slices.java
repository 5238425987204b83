package buoy.daemon.status;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text as it is made, in UTF-8. A large configuration has much of it, so it is never copied into
 * something larger, nor anywhere else for each of those who want it.
 */
final class Slices {
    private static final int SIZE = 64 * 1024;

    private final List<byte[]> full = new ArrayList<>();
    private byte[] slice = new byte[SIZE];
    private int used;

    /** One octet, or a character of ASCII. */
    void write(int octet) {
        if (used == SIZE) {
            next();
        }
        slice[used++] = (byte) octet;
    }

    void write(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    void write(byte[] bytes, int from, int length) {
        int done = 0;
        while (done < length) {
            if (used == SIZE) {
                next();
            }
            int now = Math.min(length - done, SIZE - used);
            System.arraycopy(bytes, from + done, slice, used, now);
            used += now;
            done += now;
        }
    }

    private void next() {
        full.add(slice);
        slice = new byte[SIZE];
        used = 0;
    }

    /** All of it, in order. Nothing can be written afterwards. */
    List<byte[]> end() {
        full.add(Arrays.copyOf(slice, used));
        return List.copyOf(full);
    }
}

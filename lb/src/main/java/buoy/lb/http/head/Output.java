package buoy.lb.http.head;

import java.util.Arrays;

/** Bytes being put together for one write. Reused. */
public final class Output {
    private byte[] bytes;
    private int length;

    /** For many heads, one after the other. */
    public Output() {
        this(4096);
    }

    /** It grows as it has to. */
    public Output(int size) {
        bytes = new byte[size];
    }

    public void clear() {
        length = 0;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** The array, with room for {@code n} bytes behind {@link #length()}. */
    public byte[] reserve(int n) {
        if (length + n > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + n));
        }
        return bytes;
    }

    /** Tells that {@code n} bytes were written where {@link #reserve} said. */
    public void added(int n) {
        length += n;
    }

    public void put(byte[] from, int start, int end) {
        int n = end - start;
        reserve(n);
        System.arraycopy(from, start, bytes, length, n);
        length += n;
    }

    public void put(byte[] all) {
        put(all, 0, all.length);
    }

    public void put(String ascii) {
        put(Octets.ascii(ascii));
    }

    public void put(byte one) {
        reserve(1)[length++] = one;
    }

    /** Takes the last {@code n} bytes back. */
    void takeBack(int n) {
        length -= n;
    }

    /** Takes back what was put since {@link #length()} was this. */
    public void backTo(int before) {
        length = before;
    }

    /** Brings what was put since {@link #length()} was {@code from} in front of all the rest. */
    public void rotate(int from) {
        int n = length - from;
        reserve(n);
        System.arraycopy(bytes, 0, bytes, n, length);
        System.arraycopy(bytes, length, bytes, 0, n);
    }

    /** A number from 0 to 999 as three digits. */
    public void putStatus(int status) {
        put((byte) ('0' + status / 100));
        put((byte) ('0' + status / 10 % 10));
        put((byte) ('0' + status % 10));
    }

    /** All lines of {@code head} from offset {@code fieldsStart} on that are not dropped. */
    void putFields(Head head, int fieldsStart) {
        int run = fieldsStart;
        if (!head.plain) {
            for (int line = 0; line < head.count; line++) {
                if (head.dropped[line]) {
                    put(head.bytes, run, head.nameStart(line));
                    run = line + 1 < head.count ? head.nameStart(line + 1) : head.end() - 2;
                }
            }
        }
        put(head.bytes, run, head.end() - 2);
    }
}

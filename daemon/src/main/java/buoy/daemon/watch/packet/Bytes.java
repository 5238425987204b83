package buoy.daemon.watch.packet;

import buoy.linux.layout.MacAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A part of a frame, read at offsets from its beginning. Whoever reads has asked {@link #has}
 * before.
 */
final class Bytes {
    private final byte[] frame;
    private final int from;
    private final int to;

    private Bytes(byte[] frame, int from, int to) {
        this.frame = frame;
        this.from = from;
        this.to = to;
    }

    static Bytes of(byte[] frame) {
        return new Bytes(frame, 0, frame.length);
    }

    /** Whether there are that many. */
    boolean has(int count) {
        return to - from >= count;
    }

    /** What follows the first {@code count}: nothing where there are fewer. */
    Bytes after(int count) {
        return new Bytes(frame, Math.min(to, from + count), to);
    }

    /** The first {@code count}, or all where there are fewer. */
    Bytes first(int count) {
        return new Bytes(frame, from, Math.min(to, from + count));
    }

    int at(int offset) {
        return frame[from + offset] & 0xff;
    }

    int shortAt(int offset) {
        return at(offset) << 8 | at(offset + 1);
    }

    int intAt(int offset) {
        return shortAt(offset) << 16 | shortAt(offset + 2);
    }

    MacAddress macAt(int offset) {
        return MacAddress.of(copy(offset, MacAddress.LENGTH));
    }

    InetAddress ipv4At(int offset) {
        try {
            return InetAddress.getByAddress(copy(offset, 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an address", e);
        }
    }

    InetAddress ipv6At(int offset) {
        try {
            // Not InetAddress.getByAddress: it makes IPv4 of a mapped address.
            return Inet6Address.getByAddress(null, copy(offset, 16), -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    byte[] copy() {
        return Arrays.copyOfRange(frame, from, to);
    }

    private byte[] copy(int offset, int count) {
        return Arrays.copyOfRange(frame, from + offset, from + offset + count);
    }
}

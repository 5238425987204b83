package buoy.lb.select;

import java.nio.charset.StandardCharsets;

/**
 * Hashes of 64 bits that are the same on every host and after every start: both hosts of a pair
 * send a client to the same server.
 */
public final class Hash {
    /** FNV-1a (Fowler, Noll, Vo). */
    private static final long OFFSET = 0xcbf29ce484222325L;

    private static final long PRIME = 0x100000001b3L;

    private Hash() {}

    /** Of the octets from {@code from} to {@code to}. */
    public static long of(byte[] bytes, int from, int to) {
        long hash = OFFSET;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * PRIME;
        }
        return mix(hash);
    }

    public static long of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    static long of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Spreads every bit over all: the last step of SplitMix64 (Steele, Lea, Flood 2014). */
    public static long mix(long hash) {
        long mixed = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}

package buoy.lb.journal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes on their way from one thread to one other, without a lock and without an object for each
 * line. A line is taken as a whole or not at all.
 */
final class LineRing {
    private final byte[] bytes;

    /** How many were ever put in, and taken out. Each is written by one side alone. */
    private final AtomicLong in = new AtomicLong();

    private final AtomicLong out = new AtomicLong();

    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();

    /**
     * @param size in bytes, a power of two
     */
    LineRing(int size) {
        if (Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("not a power of two: " + size);
        }
        bytes = new byte[size];
    }

    /** The one side: puts a line with its end in, or counts it as lost. */
    void offer(byte[] line, int length) {
        long at = in.getPlain();
        if (length > bytes.length - (at - out.getAcquire())) {
            lost.setOpaque(lost.getPlain() + 1);
            return;
        }
        int from = (int) (at & bytes.length - 1);
        int first = Math.min(length, bytes.length - from);
        System.arraycopy(line, 0, bytes, from, first);
        System.arraycopy(line, first, bytes, 0, length - first);
        lines.setOpaque(lines.getPlain() + 1);
        in.setRelease(at + length);
    }

    boolean isEmpty() {
        return in.getAcquire() == out.getPlain();
    }

    /** The other side: moves whole lines into {@code to}, which is no smaller; returns how much. */
    int take(byte[] to) {
        long at = out.getPlain();
        int length = (int) (in.getAcquire() - at);
        int from = (int) (at & bytes.length - 1);
        int first = Math.min(length, bytes.length - from);
        System.arraycopy(bytes, from, to, 0, first);
        System.arraycopy(bytes, 0, to, first, length - first);
        out.setRelease(at + length);
        return length;
    }

    /** Lines put in since the beginning; any thread may ask. */
    long lines() {
        return lines.getOpaque();
    }

    /** Lines that found no room; any thread may ask. */
    long lost() {
        return lost.getOpaque();
    }
}

package buoy.lb.http.access;

import buoy.lb.http.head.Output;

/** Numbers, without an object made for each. */
final class Figures {
    private static final int LONGEST = 20;

    private Figures() {}

    static void put(long number, Output out) {
        long left = number;
        if (left < 0) {
            out.put((byte) '-');
            left = -left;
        }
        byte[] to = out.reserve(LONGEST);
        int digits = 1;
        for (long rest = left; rest >= 10; rest /= 10) {
            digits++;
        }
        for (int at = out.length() + digits - 1; at >= out.length(); at--) {
            to[at] = (byte) ('0' + left % 10);
            left /= 10;
        }
        out.added(digits);
    }

    /** From 0 to 999, as three digits. */
    static void putThree(int number, Output out) {
        out.put((byte) ('0' + number / 100));
        out.put((byte) ('0' + number / 10 % 10));
        out.put((byte) ('0' + number % 10));
    }

    /** As milliseconds with three decimals. */
    static void putMillis(long nanos, Output out) {
        put(nanos / 1_000_000, out);
        out.put((byte) '.');
        putThree((int) (nanos / 1000 % 1000), out);
    }
}

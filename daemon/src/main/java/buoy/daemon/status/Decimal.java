package buoy.daemon.status;

/**
 * Numbers as decimals in ASCII, one after the other in the same place: a large configuration has a
 * hundred thousand of them, too many to make a text of each. One thread at a time.
 */
final class Decimal {
    private static final int NANO_DIGITS = 9;

    /** Room for any {@code long} with a sign, a point and nanoseconds. */
    private final byte[] digits = new byte[32];

    private int from = digits.length;

    /** A whole number. */
    Decimal set(long number) {
        from = digits.length;
        whole(number);
        return this;
    }

    /**
     * Seconds, as a {@link java.time.Duration} and an {@link java.time.Instant} have them, without
     * zeros at the end: {@code 0.0425}, and {@code 3} if there is nothing behind the point.
     *
     * @param nanos from 0 to 999,999,999, also of what is less than nothing
     */
    Decimal set(long seconds, int nanos) {
        if (seconds < 0 && nanos > 0) {
            // What is 1.5 s less than nothing is given as -2 s and half a second.
            set(-(seconds + 1), 1_000_000_000 - nanos);
            digits[--from] = '-';
            return this;
        }
        from = digits.length;
        int rest = nanos;
        int places = NANO_DIGITS;
        while (places > 0 && rest % 10 == 0) {
            rest /= 10;
            places--;
        }
        for (; places > 0; places--) {
            digits[--from] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        if (from < digits.length) {
            digits[--from] = '.';
        }
        whole(seconds);
        return this;
    }

    /** Before what is there. */
    private void whole(long number) {
        long rest = number;
        do {
            digits[--from] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        if (number < 0) {
            digits[--from] = '-';
        }
    }

    void writeTo(Slices out) {
        out.write(digits, from, digits.length - from);
    }
}

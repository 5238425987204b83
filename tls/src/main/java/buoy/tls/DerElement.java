package buoy.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One element of DER (X.690) as it is read, without a copy.
 *
 * @param tag with class and form, as the octet is
 * @param start of the contents
 * @param end behind them
 */
@SuppressWarnings("ArrayRecordComponent") // a window, compared with nothing
record DerElement(int tag, byte[] in, int start, int end) {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int ENUMERATED = 0x0a;
    static final int GENERALIZED_TIME = 0x18;
    static final int SEQUENCE = 0x30;

    /** The tag [N] around others. */
    static int explicit(int number) {
        return 0xa0 | number;
    }

    /** What {@code der} begins with; empty if that is not whole. */
    static Optional<DerElement> of(byte[] der) {
        return at(der, 0, der.length);
    }

    private static Optional<DerElement> at(byte[] in, int at, int limit) {
        if (at + 2 > limit) {
            return Optional.empty();
        }
        int length = in[at + 1] & 0xff;
        int start = at + 2;
        if (length >= 0x80) {
            int octets = length - 0x80;
            // None is the indefinite length, which is BER; four and more are of no use here.
            if (octets < 1 || octets > 3 || start + octets > limit) {
                return Optional.empty();
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = length << 8 | (in[start++] & 0xff);
            }
        }
        return length <= limit - start
                ? Optional.of(new DerElement(in[at] & 0xff, in, start, start + length))
                : Optional.empty();
    }

    /** The elements inside; those before the first that is broken. */
    List<DerElement> children() {
        List<DerElement> children = new ArrayList<>();
        int at = start;
        for (Optional<DerElement> next = at(in, at, end);
                next.isPresent();
                next = at(in, at, end)) {
            children.add(next.get());
            at = next.get().end;
        }
        return children;
    }

    /** The element number {@code index} inside, if it has this tag. */
    Optional<DerElement> child(int index, int wanted) {
        List<DerElement> children = children();
        return index < children.size()
                ? Optional.of(children.get(index)).filter(c -> c.is(wanted))
                : Optional.empty();
    }

    /** The first element inside with this tag. */
    Optional<DerElement> first(int wanted) {
        return children().stream().filter(child -> child.is(wanted)).findFirst();
    }

    boolean is(int wanted) {
        return tag == wanted;
    }

    byte[] contents() {
        return Arrays.copyOfRange(in, start, end);
    }
}

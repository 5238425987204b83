package buoy.lb.http.head;

/**
 * The field lines behind the last chunk. Only fields that cannot change what the message means are
 * sent on (RFC 9110 6.5.1).
 */
public final class TrailerSection extends Head {
    private static final int MAX_BYTES = 8192;
    private static final int MAX_FIELDS = 32;

    public TrailerSection() {
        super(MAX_BYTES, MAX_FIELDS, false, false, Lenience.NONE);
    }

    @Override
    int startLine(int p, int to) {
        throw new AssertionError("a trailer section has no start line");
    }

    @Override
    Refusal startLineTooLong() {
        return Refusal.HEADER_TOO_LARGE;
    }

    /** Known fields are the ones with a meaning for framing, routing or trust: none goes on. */
    @Override
    Refusal finish() {
        for (int line = 0; line < count; line++) {
            if (fields[line] != Field.OTHER) {
                drop(line);
            }
        }
        return Refusal.NONE;
    }

    /** The lines that go on, and the empty line that ends the message. */
    public byte[] rewritten() {
        Output to = new Output();
        to.putFields(this, 0);
        to.put(Octets.CR);
        to.put(Octets.LF);
        return java.util.Arrays.copyOf(to.bytes(), to.length());
    }
}

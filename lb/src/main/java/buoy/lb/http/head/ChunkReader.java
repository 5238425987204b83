package buoy.lb.http.head;

/**
 * Where chunked framing stands (RFC 9112 7.1), octet by octet; the chunks' data is skipped by
 * counting.
 *
 * <pre>
 *   1a;ext=1 CRLF  data... CRLF  0 CRLF  [trailer fields]  CRLF
 * </pre>
 */
public final class ChunkReader {
    /** Extensions over a whole message at most; nobody uses them, and they are not sent on. */
    private static final int MAX_EXTENSION_BYTES = 4096;

    private static final int MAX_SIZE_DIGITS = 16;

    /** What is to be done with an octet of framing. */
    public enum Step {
        /** Send it on. */
        KEEP,
        /** Part of a chunk extension: leave it out. */
        SKIP,
        /** The last octet of the body: send it on. */
        LAST,
        /** The first octet of a trailer section, which {@link TrailerSection} reads from here. */
        TRAILER,
        /** Not chunked framing. */
        BAD
    }

    private enum State {
        SIZE,
        EXTENSION,
        QUOTED,
        ESCAPED,
        SIZE_LF,
        DATA_CR,
        DATA_LF,
        AFTER_LAST,
        END_LF
    }

    private State state = State.SIZE;
    private int digits;
    private long size;
    private long data;
    private int extensionBytes;
    private Refusal refusal = Refusal.NONE;

    /** A new body. */
    public void clear() {
        state = State.SIZE;
        digits = 0;
        size = 0;
        data = 0;
        extensionBytes = 0;
        refusal = Refusal.NONE;
    }

    /** How many octets of data come next; 0 if framing comes. */
    public long data() {
        return data;
    }

    /** Tells that {@code n} of them have passed. */
    public void passed(long n) {
        data -= n;
    }

    /** Why the last step was {@link Step#BAD}. */
    public Refusal refusal() {
        return refusal;
    }

    /** Takes the next octet of framing. */
    public Step framing(byte b) {
        return switch (state) {
            case SIZE -> size(b);
            case EXTENSION, QUOTED, ESCAPED -> extension(b);
            case SIZE_LF -> b == Octets.LF ? sizeEnds() : bad(Refusal.BAD_CHUNK);
            case DATA_CR -> expect(b, Octets.CR, State.DATA_LF);
            case DATA_LF -> expect(b, Octets.LF, State.SIZE);
            case AFTER_LAST -> afterLast(b);
            case END_LF -> b == Octets.LF ? Step.LAST : bad(Refusal.BAD_CHUNK);
        };
    }

    private Step size(byte b) {
        int digit = Octets.HEX[b & 0xff];
        if (digit >= 0) {
            size = size << 4 | digit;
            // Sixteen digits can reach the sign.
            return ++digits > MAX_SIZE_DIGITS || size < 0 ? bad(Refusal.BAD_CHUNK) : Step.KEEP;
        }
        if (digits == 0) {
            return bad(Refusal.BAD_CHUNK);
        }
        if (b == Octets.CR) {
            state = State.SIZE_LF;
            return Step.KEEP;
        }
        if (b == ';') {
            state = State.EXTENSION;
            return extensionOctet();
        }
        return bad(Refusal.BAD_CHUNK);
    }

    private Step extension(byte b) {
        if (b == Octets.CR && state == State.EXTENSION) {
            state = State.SIZE_LF;
            return Step.KEEP;
        }
        if (Octets.VALUE[b & 0xff] == 0) {
            return bad(Refusal.BAD_CHUNK);
        }
        if (state == State.ESCAPED) {
            state = State.QUOTED;
        } else if (b == '"') {
            state = state == State.QUOTED ? State.EXTENSION : State.QUOTED;
        } else if (b == '\\' && state == State.QUOTED) {
            state = State.ESCAPED;
        }
        return extensionOctet();
    }

    private Step extensionOctet() {
        return ++extensionBytes > MAX_EXTENSION_BYTES
                ? bad(Refusal.CHUNK_EXTENSION_TOO_LARGE)
                : Step.SKIP;
    }

    private Step sizeEnds() {
        if (size == 0) {
            state = State.AFTER_LAST;
        } else {
            data = size;
            state = State.DATA_CR;
        }
        return Step.KEEP;
    }

    private Step expect(byte b, byte expected, State next) {
        if (b != expected) {
            return bad(Refusal.BAD_CHUNK);
        }
        state = next;
        size = 0;
        digits = 0;
        return Step.KEEP;
    }

    private Step afterLast(byte b) {
        if (b == Octets.CR) {
            state = State.END_LF;
            return Step.KEEP;
        }
        return b == Octets.LF ? bad(Refusal.BAD_CHUNK) : Step.TRAILER;
    }

    private Step bad(Refusal why) {
        refusal = why;
        return Step.BAD;
    }
}

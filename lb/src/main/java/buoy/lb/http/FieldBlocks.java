package buoy.lb.http;

import io.netty.buffer.ByteBuf;

/**
 * Tells from the bounds of frames whether a block of fields is under way (RFC 9113 4.3): it is of
 * no stream before it is whole, and nothing else can be said meanwhile, so somebody has to wait for
 * it with a clock.
 */
final class FieldBlocks {
    private static final int HEADER = 9;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    private final FrameBudget budget;

    /** Octets of the present frame's header that have been seen. */
    private int seen;

    /** Octets of its content that have not. */
    private int left;

    private int type;
    private int flags;
    private int stream;
    private int begun;
    private boolean open;

    /**
     * @param budget told each frame
     */
    FieldBlocks(FrameBudget budget) {
        this.budget = budget;
    }

    /** Which block is under way, counted from 1; 0 if none is. */
    int open() {
        return open ? begun : 0;
    }

    /** Takes what has come, from {@code from} to {@code to}. */
    void see(ByteBuf in, int from, int to) {
        for (int at = from; at < to; ) {
            if (seen < HEADER) {
                header(in.getUnsignedByte(at++));
            } else {
                int n = Math.min(left, to - at);
                left -= n;
                at += n;
            }
            if (seen == HEADER && left == 0) {
                seen = 0;
                open &= (flags & END_HEADERS) == 0 || !hasFields();
            }
        }
    }

    private void header(int octet) {
        switch (seen++) {
            case 0 -> left = octet;
            case 1, 2 -> left = left << 8 | octet;
            case 3 -> type = octet;
            case 4 -> flags = octet;
            case 5 -> stream = octet & 0x7f;
            case 6, 7 -> stream = stream << 8 | octet;
            default -> {
                stream = stream << 8 | octet;
                budget.came(type, left, stream);
                if (type == HEADERS && !open) {
                    open = true;
                    begun++;
                }
            }
        }
    }

    private boolean hasFields() {
        return type == HEADERS || type == CONTINUATION;
    }
}

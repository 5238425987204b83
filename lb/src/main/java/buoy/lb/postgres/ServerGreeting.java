package buoy.lb.postgres;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads along what a server says while a session starts, up to its first {@code ReadyForQuery}, for
 * the one message that matters here: {@code BackendKeyData} (PostgreSQL documentation, "Message
 * Formats"). Everything else is counted past, whatever its length; at most the key is kept.
 *
 * <pre>
 *  0      1               5               9
 *  +------+---------------+---------------+---------
 *  | 'K'  | length (self) | process ID    | key ...     4 bytes; since protocol 3.2 up to 256
 *  +------+---------------+---------------+---------
 * </pre>
 */
final class ServerGreeting {
    private static final int LENGTH = 4;
    private static final int HEAD = 1 + LENGTH;

    private final byte[] head = new byte[HEAD];
    private int headSize;

    /** Of the body of the current message, bytes to come. */
    private int left;

    /** The key while it is collected. */
    private byte @Nullable [] collected;

    private Optional<CancelKey> key = Optional.empty();
    private boolean over;
    private boolean refused;

    /** Reads what has come, from the buffer's position to its limit; the position stays. */
    void read(ByteBuffer bytes) {
        int at = bytes.position();
        while (at < bytes.limit() && !over) {
            if (headSize < HEAD) {
                head[headSize++] = bytes.get(at++);
                if (headSize == HEAD) {
                    begin();
                }
                continue;
            }
            int some = Math.min(left, bytes.limit() - at);
            byte[] into = collected;
            if (into != null) {
                bytes.get(at, into, into.length - left, some);
            }
            left -= some;
            at += some;
            if (left == 0) {
                end();
            }
        }
    }

    /** What the server gave the client to cancel with, as soon as it was read. */
    Optional<CancelKey> key() {
        return key;
    }

    /** Nothing more is wanted: the session is ready, or this is no PostgreSQL server. */
    boolean isOver() {
        return over;
    }

    /**
     * Whether the session is not ready, nor refused, and everything was whole messages so far: one
     * more may follow.
     */
    boolean takesError() {
        return !over && !refused && headSize == 0;
    }

    private void begin() {
        int length = ByteBuffer.wrap(head).getInt(1);
        left = length - LENGTH;
        boolean sane = left >= 0;
        boolean isKey = head[0] == 'K';
        if (isKey && left >= CancelKey.SHORTEST && left <= CancelKey.LONGEST) {
            collected = new byte[left];
        }
        refused |= head[0] == 'E';
        over = !sane || head[0] == 'Z' || (isKey && collected == null);
        if (left == 0) {
            end();
        }
    }

    private void end() {
        byte[] read = collected;
        if (read != null) {
            key = Optional.of(new CancelKey(Arrays.copyOf(read, read.length)));
            collected = null;
        }
        headSize = 0;
    }
}

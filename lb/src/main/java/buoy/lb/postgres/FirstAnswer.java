package buoy.lb.postgres;

import buoy.lb.pool.Opening;
import buoy.lb.pool.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells a server who comes and looks at the first message of its answer: one that says it is
 * starting, going down or full has no session to give, and another server may. Any other answer is
 * the client's, and is held back until the relay runs.
 */
final class FirstAnswer extends Awaited {
    /** admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections. */
    private static final Map<String, Reason> NO_SESSION =
            Map.of(
                    "57P01",
                    Reason.SERVER_NOT_READY,
                    "57P02",
                    Reason.SERVER_NOT_READY,
                    "57P03",
                    Reason.SERVER_NOT_READY,
                    Refusal.TOO_MANY,
                    Reason.SERVER_FULL);

    /** Longer complaints are passed on unread. */
    private static final int LONGEST = 8 * 1024;

    private static final int HEAD = 1 + 4;

    private FirstAnswer(Opening.Fresh fresh, Opening.Opened opened) {
        super(fresh, opened, fresh.response(), Reason.RESPONSE_TIMEOUT);
    }

    /**
     * @param hello the StartupMessage
     */
    static FirstAnswer ask(Opening.Fresh fresh, byte[] hello, Opening.Opened opened) {
        FirstAnswer answer = new FirstAnswer(fresh, opened);
        answer.await(Unpooled.wrappedBuffer(hello));
        return answer;
    }

    @Override
    void arrived() {
        ByteBuf bytes = gathered();
        if (bytes.getByte(0) == 'E') {
            if (bytes.readableBytes() < HEAD) {
                return;
            }
            int length = bytes.getInt(1);
            boolean readable = length >= 4 && length <= LONGEST;
            if (readable && bytes.readableBytes() < 1 + length) {
                return;
            }
            @Nullable Reason reason = readable ? NO_SESSION.get(sqlState(bytes, 1 + length)) : null;
            if (reason != null) {
                leave();
                opened.failed(reason);
                return;
            }
        }
        satisfied();
        opened.opened();
    }

    /** Of an {@code ErrorResponse}; empty where it has none. */
    private static String sqlState(ByteBuf bytes, int end) {
        int at = HEAD;
        while (at < end && bytes.getByte(at) != 0) {
            byte field = bytes.getByte(at);
            int zero = bytes.indexOf(at + 1, end, (byte) 0);
            if (zero < 0) {
                return "";
            }
            if (field == 'C') {
                return bytes.toString(at + 1, zero - at - 1, StandardCharsets.ISO_8859_1);
            }
            at = zero + 1;
        }
        return "";
    }
}

package buoy.lb.postgres;

import buoy.lb.pool.Reason;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a server has said to somebody who wants a session, as far as it matters to one who may still
 * take it to another server (PostgreSQL documentation, "Start-up" and "Message Formats"). Pure.
 */
sealed interface Word {
    /** It is not known yet what it will come to. */
    record More() implements Word {}

    /**
     * It asks who comes for something that any server may be told, and that is not bound to what it
     * said itself: {@code AuthenticationSASL}, {@code AuthenticationCleartextPassword}.
     *
     * @param length octets up to the end of the request
     */
    record Asks(int length) implements Word {}

    /** It has no session to give; another server may. */
    record NoSession(Reason reason) implements Word {}

    /** It refuses the client, which has to know. */
    record Refuses() implements Word {}

    /** From here on it is between the two: a session that is ready, or a challenge of its own. */
    record Between() implements Word {}

    /** admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections. */
    Map<String, Reason> NO_SESSION =
            Map.of(
                    "57P01",
                    Reason.SERVER_NOT_READY,
                    "57P02",
                    Reason.SERVER_NOT_READY,
                    "57P03",
                    Reason.SERVER_NOT_READY,
                    Refusal.TOO_MANY,
                    Reason.SERVER_FULL);

    /** Type and length. */
    int HEAD = 1 + 4;

    /** Longer messages, and more of them, are passed on unread. */
    int LONGEST = 8 * 1024;

    int MOST = 16 * 1024;

    /**
     * Types of messages that a session begins with: authentication, errors, notices, parameters, a
     * key, versions, and that it is ready.
     */
    String KNOWN = "RENSKvZ";

    int OK = 0;
    int CLEARTEXT_PASSWORD = 3;
    int SASL = 10;

    /**
     * Reads what is there, and leaves it.
     *
     * @param answered whether it has had the client's answer: then it asks for no other
     */
    static Word read(ByteBuf bytes, boolean answered) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        boolean known = answered;
        while (at < end) {
            if (at - bytes.readerIndex() > MOST) {
                return new Between();
            }
            byte type = bytes.getByte(at);
            if (KNOWN.indexOf(type) < 0) {
                return new Between();
            }
            if (end - at < HEAD) {
                break;
            }
            int length = bytes.getInt(at + 1);
            if (length < 4 || length > LONGEST) {
                return new Between();
            }
            int next = at + 1 + length;
            if (next > end) {
                break;
            }
            if (type == 'E') {
                String state = sqlState(bytes, at + HEAD, next);
                Reason reason = NO_SESSION.get(state);
                // Once it knows who comes, it is the role or the database that has too many.
                return reason == null || (known && state.equals(Refusal.TOO_MANY))
                        ? new Refuses()
                        : new NoSession(reason);
            }
            if (type == 'Z') {
                return new Between();
            }
            if (type == 'R') {
                int kind = request(bytes, at);
                if (isAnybodys(kind) && !answered) {
                    return new Asks(next - bytes.readerIndex());
                }
                if (kind != OK) {
                    return new Between();
                }
                known = true;
            }
            at = next;
        }
        return new More();
    }

    private static boolean isAnybodys(int kind) {
        return kind == SASL || kind == CLEARTEXT_PASSWORD;
    }

    /**
     * @param at where a whole message of authentication begins
     * @return which it is; -1 if it does not say
     */
    private static int request(ByteBuf bytes, int at) {
        return bytes.getInt(at + 1) < 8 ? -1 : bytes.getInt(at + HEAD);
    }

    /** Of an {@code ErrorResponse}; empty where it has none. */
    private static String sqlState(ByteBuf bytes, int from, int end) {
        int at = from;
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

package buoy.lb.postgres;

import buoy.lb.pool.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a client is told in a server's stead when it gets no session.
 *
 * @param sqlState five characters (PostgreSQL documentation, appendix "PostgreSQL Error Codes")
 */
record Refusal(String sqlState, String text) {
    /** too_many_connections. */
    static final String TOO_MANY = "53300";

    /** It is the server that is no longer there. */
    private static final Set<Reason> LOSSES =
            EnumSet.of(Reason.SERVER_RESET, Reason.SERVER_CLOSED, Reason.SERVER_DOWN);

    /** cannot_connect_now: drivers that know several hosts try the next. Or as a server has it. */
    static Refusal noServer(Reason reason) {
        if (reason == Reason.SERVER_FULL) {
            return new Refusal(
                    TOO_MANY, "no database server has room for a session now (" + reason + ")");
        }
        return new Refusal("57P03", "no database server is available now (" + reason + ")");
    }

    /** cannot_connect_now too: the session is over before it was ready. */
    static Refusal begun(Reason reason) {
        return new Refusal(
                "57P03",
                "%s while the session began; connect again (%s)"
                        .formatted(
                                LOSSES.contains(reason)
                                        ? "the database server was lost"
                                        : "the connection was ended",
                                reason));
    }

    /** The same: what the client has said answers a server that is lost. */
    static Refusal parted(Reason reason) {
        return new Refusal(
                "57P03",
                "the database server was lost after it had what proves who this is, and no other can go on from there; connect again (%s)"
                        .formatted(reason));
    }

    /** sqlserver_rejected_establishment_of_sqlconnection: asking again does not help. */
    static Refusal noRoute(StartupParameters parameters) {
        return new Refusal(
                "08004",
                "no route here for user \"%s\", database \"%s\" (%s)"
                        .formatted(parameters.user(), parameters.database(), Reason.NO_ROUTE));
    }

    /** {@code ErrorResponse}, fatal. */
    byte[] message() {
        byte[] fields =
                ("SFATAL\0VFATAL\0C" + sqlState + "\0M" + text + "\0\0")
                        .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + 4 + fields.length)
                .put((byte) 'E')
                .putInt(4 + fields.length)
                .put(fields)
                .array();
    }
}

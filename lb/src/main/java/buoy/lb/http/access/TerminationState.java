package buoy.lb.http.access;

import buoy.lb.pool.Reason;

/**
 * HAProxy's two letters for how an exchange ended: who or what ended it (a capital for an action, a
 * small letter for a time that ran out), and during what (configuration manual, "Session state at
 * disconnection").
 */
final class TerminationState {
    private TerminationState() {}

    static String of(Entry entry) {
        Reason reason = entry.reason();
        if (reason == null) {
            return entry.pool().isEmpty() ? "LR" : "--";
        }
        return switch (reason) {
            case SERVER_REFUSED,
                    SERVER_TLS_FAILED,
                    SERVER_NOT_READY,
                    SERVER_FULL,
                    SERVER_UNREACHABLE,
                    SERVER_NOT_HTTP2,
                    NO_SERVER_UP,
                    RETRY_BUDGET ->
                    "SC";
            case CONNECT_TIMEOUT -> "sC";
            case NO_LOCAL_RESOURCES -> "RC";
            case HOLD_TIMEOUT, QUEUE_TIMEOUT -> "sQ";
            case QUEUE_FULL -> "PQ";
            case CLIENT_RESET, CLIENT_CLOSED -> "C" + phase(entry);
            case CLIENT_STALLED, TUNNEL_TIMEOUT, IDLE_TIMEOUT -> "c" + phase(entry);
            case SERVER_RESET, SERVER_CLOSED -> entry.status() > 0 ? "SD" : "SH";
            case RESPONSE_TIMEOUT -> "sH";
            case RESPONSE_IDLE -> "sD";
            case HEADER_TIMEOUT -> "cR";
            case BODY_TIMEOUT -> "c" + phase(entry);
            case HEADER_TOO_LARGE,
                    BODY_TOO_LARGE,
                    BAD_REQUEST,
                    CLIENT_FLOOD,
                    NO_ROUTE,
                    MISDIRECTED,
                    BAD_STARTUP,
                    CANCEL_LIMIT,
                    TLS_FAILED,
                    CLIENT_CERTIFICATE_MISSING,
                    CLIENT_CERTIFICATE_EXPIRED,
                    CLIENT_CERTIFICATE_REVOKED,
                    CLIENT_CERTIFICATE_UNTRUSTED,
                    CONNECTION_LIMIT,
                    MEMORY_LIMIT,
                    CLIENT_CONNECTION_LIMIT,
                    UNTRUSTED_PROXY,
                    BAD_PROXY_HEADER,
                    PROXY_TIMEOUT,
                    RATE_LIMIT,
                    UNAUTHORIZED,
                    LOGIN_LIMIT,
                    MIRROR_LIMIT,
                    DATAGRAM_DROPPED,
                    LISTENER_PAUSED,
                    WEBSOCKET_NEEDS_HTTP1 ->
                    "PR";
            case BAD_RESPONSE, RESPONSE_HEADER_TOO_LARGE, SERVER_FLOOD -> "PH";
            case SERVER_DOWN -> "D" + phase(entry);
            case POOL_PAUSED,
                    SERVER_REMOVED,
                    SERVER_MAINTENANCE,
                    KILLED,
                    LISTENER_REMOVED,
                    ADDRESS_MOVED,
                    STOPPING ->
                    "K" + phase(entry);
            case INTERNAL -> "I" + phase(entry);
        };
    }

    private static String phase(Entry entry) {
        if (entry.status() > 0 && entry.response() != Entry.NEVER) {
            return "D";
        }
        if (!entry.isReadable()) {
            return "R";
        }
        return entry.connect() != Entry.NEVER ? "H" : entry.queue() != Entry.NEVER ? "C" : "Q";
    }
}

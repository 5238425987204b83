package buoy.lb.pool;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Why an exchange or a session failed: the same word in the access log, in metrics and on the page.
 */
public enum Reason {
    /** The server answered the connection attempt with a reset: nobody listens there. */
    SERVER_REFUSED,
    /** TLS with the server failed: it has none, or is not who it has to be. */
    SERVER_TLS_FAILED,
    /** The server said that it is starting, or going down. */
    SERVER_NOT_READY,
    /** The server said that it has as many sessions as it takes. */
    SERVER_FULL,
    /** The network has no way to the server. */
    SERVER_UNREACHABLE,
    /** The connection to the server did not stand within {@code timeouts.connect}. */
    CONNECT_TIMEOUT,
    /** This host could not open a connection: no local port, file or memory left. */
    NO_LOCAL_RESOURCES,
    /** No server of the pool may take work. */
    NO_SERVER_UP,
    /** It waited for the pool's {@code hold}, and no server took it. */
    HOLD_TIMEOUT,
    /** Every server was at its {@code max-connections} for the pool's {@code queue.timeout}. */
    QUEUE_TIMEOUT,
    /** As many as {@code queue.limit} allows waited for the pool already. */
    QUEUE_FULL,
    /** The pool's share of retries was used up. */
    RETRY_BUDGET,
    /** The client reset its connection. */
    CLIENT_RESET,
    /** The client closed before its exchange was over. */
    CLIENT_CLOSED,
    /** The client took nothing of its answer for the listener's {@code timeouts.body}. */
    CLIENT_STALLED,
    /** The client sent frames of HTTP/2 that only cost, and more of them than is bearable. */
    CLIENT_FLOOD,
    /** The server does not speak HTTP/2, which its pool says it does. */
    SERVER_NOT_HTTP2,
    /** The server sent frames of HTTP/2 that only cost, and more of them than is bearable. */
    SERVER_FLOOD,
    /** The server speaks HTTP/2, and does not say that it takes WebSockets there (RFC 8441 3). */
    WEBSOCKET_NEEDS_HTTP1,
    /** The server reset the connection, or the stream of the exchange. */
    SERVER_RESET,
    /** The server closed before its answer was complete. */
    SERVER_CLOSED,
    /** The server's answer did not begin within {@code timeouts.response}. */
    RESPONSE_TIMEOUT,
    /** The server's answer paused longer than {@code timeouts.response-idle}. */
    RESPONSE_IDLE,
    /** Neither side sent anything for the listener's {@code timeouts.idle}. */
    IDLE_TIMEOUT,
    /** The tunnel was silent for {@code timeouts.tunnel}. */
    TUNNEL_TIMEOUT,
    /** The head, or the first message of a session, did not arrive in time. */
    HEADER_TIMEOUT,
    /** The request's body paused longer than {@code timeouts.body}. */
    BODY_TIMEOUT,
    /** The request's head is over the listener's limits. */
    HEADER_TOO_LARGE,
    /** The request's content is over the listener's {@code limits.body}. */
    BODY_TOO_LARGE,
    /** What the client sent is not HTTP as the standard has it. */
    BAD_REQUEST,
    /** What the server sent is not HTTP as the standard has it. */
    BAD_RESPONSE,
    /** The response's head is over the limits. */
    RESPONSE_HEADER_TOO_LARGE,
    /** No route of the listener matches. */
    NO_ROUTE,
    /** The connection was made for a name whose certificate is not for the request's host. */
    MISDIRECTED,
    /** What the client sent first is no PostgreSQL message. */
    BAD_STARTUP,
    /** Too many requests to cancel came for sessions that are not known here. */
    CANCEL_LIMIT,
    /** The TLS handshake failed. */
    TLS_FAILED,
    /** The client showed no certificate where the listener requires one. */
    CLIENT_CERTIFICATE_MISSING,
    /** The client's certificate is not valid at this time. */
    CLIENT_CERTIFICATE_EXPIRED,
    /** The client's certificate is revoked, or no current list tells that it is not. */
    CLIENT_CERTIFICATE_REVOKED,
    /** No authority of the listener vouches for the client's certificate. */
    CLIENT_CERTIFICATE_UNTRUSTED,
    /** The listener or the process is at {@code max-connections}. */
    CONNECTION_LIMIT,
    /** Clients and servers that take slowly what is theirs hold most of the memory there is. */
    MEMORY_LIMIT,
    /** The client has as many connections as {@code limits.connections-per-client} allows. */
    CLIENT_CONNECTION_LIMIT,
    /** Who connected is none of the listener's {@code trusted-proxies}, and has to be. */
    UNTRUSTED_PROXY,
    /** The proxy did not begin as the PROXY protocol has it. */
    BAD_PROXY_HEADER,
    /** The proxy did not say in time whose connection it is. */
    PROXY_TIMEOUT,
    /** The client asks more often than {@code limits.requests-per-second} allows. */
    RATE_LIMIT,
    /** The request does not say who asks, or not with the right password. */
    UNAUTHORIZED,
    /** As many passwords as can be looked at in good time are waiting for it. */
    LOGIN_LIMIT,
    /** A copy for a mirror: too many are under way, or its server takes it too slowly. */
    MIRROR_LIMIT,
    /** A socket took no more: one datagram was lost. */
    DATAGRAM_DROPPED,
    /** A datagram of somebody new, for a listener that is paused by command. */
    LISTENER_PAUSED,
    /** Cut because the server went down or lost its role ({@code on-down: close-sessions}). */
    SERVER_DOWN,
    /** Cut because the pool was paused and its drain time was over. */
    POOL_PAUSED,
    /** Cut because the server left the configuration and its drain time was over. */
    SERVER_REMOVED,
    /** Cut because an operator took the server out and the pool's drain time was over. */
    SERVER_MAINTENANCE,
    /** Ended by an operator ({@code buoy sessions --kill}). */
    KILLED,
    /** Cut because the listener left the configuration and the drain time was over. */
    LISTENER_REMOVED,
    /** Cut because another host has the floating address the client came to. */
    ADDRESS_MOVED,
    /** Cut because Buoy stops. */
    STOPPING,
    /** A fault of Buoy itself; that one connection was closed. */
    INTERNAL;

    private static final Set<Reason> OF_SERVERS =
            EnumSet.of(
                    SERVER_REFUSED,
                    SERVER_TLS_FAILED,
                    SERVER_NOT_READY,
                    SERVER_UNREACHABLE,
                    SERVER_NOT_HTTP2,
                    SERVER_FLOOD,
                    CONNECT_TIMEOUT,
                    SERVER_RESET,
                    SERVER_CLOSED,
                    RESPONSE_TIMEOUT,
                    RESPONSE_IDLE,
                    BAD_RESPONSE,
                    RESPONSE_HEADER_TOO_LARGE);

    private final String word;

    Reason() {
        word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it speaks against the server: counted by {@code passive}. */
    boolean blamesServer() {
        return OF_SERVERS.contains(this);
    }

    /** As users read it: {@code server-refused}. */
    @Override
    public String toString() {
        return word;
    }
}

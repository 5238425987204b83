package buoy.daemon.explain;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as somebody would make it.
 *
 * @param secure whether over TLS
 * @param host as it is asked for, without port
 * @param target path and query as they are sent
 * @param fields further lines of its head, as {@code Name: value}
 * @param from the peer of the connection
 * @param listener the one to ask, where address and port do not tell
 */
public record Asked(
        boolean secure,
        boolean webSocket,
        String host,
        int port,
        String authority,
        String target,
        String method,
        List<String> fields,
        InetAddress from,
        Optional<String> listener) {
    private static final Pattern URL =
            Pattern.compile(
                    "(?<scheme>https?|wss?)://(?<host>\\[[0-9A-Fa-f:.]+\\]|[^/?#:\\[\\]@]+)(?::(?<port>[0-9]{1,5}))?(?<target>[/?][^#]*)?(?:#.*)?",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern FIELD = Pattern.compile("[^\\s:]+:[^\\r\\n]*");

    public Asked {
        fields = List.copyOf(fields);
    }

    /**
     * Of what the command line has.
     *
     * @throws IllegalArgumentException if it is no request; the message says what to write
     */
    public static Asked of(
            String url,
            String method,
            List<String> fields,
            InetAddress from,
            Optional<String> listener) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "\"%s\" is no URL that can be explained (write http://HOST[:PORT]/PATH, https:, ws: or wss:)"
                            .formatted(url));
        }
        for (String field : fields) {
            if (!FIELD.matcher(field).matches()) {
                throw new IllegalArgumentException(
                        "\"%s\" is no header field (write -H 'Name: value')".formatted(field));
            }
        }
        String scheme = parts.group("scheme").toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https") || scheme.equals("wss");
        String host = parts.group("host");
        String port = parts.group("port");
        int number = port == null ? secure ? 443 : 80 : Integer.parseInt(port);
        if (number < 1 || number > 65535) {
            throw new IllegalArgumentException("port " + number + " is not in 1..65535");
        }
        String target = parts.group("target");
        return new Asked(
                secure,
                scheme.startsWith("ws"),
                host,
                number,
                port == null ? host : host + ":" + port,
                target == null ? "/" : target.startsWith("?") ? "/" + target : target,
                method,
                fields,
                from,
                listener);
    }

    /** What clients put into their TLS handshake (RFC 6066 3): names alone, no addresses. */
    Optional<String> serverName() {
        return address().isPresent()
                ? Optional.empty()
                : Optional.of(
                        (host.endsWith(".") ? host.substring(0, host.length() - 1) : host)
                                .toLowerCase(Locale.ROOT));
    }

    /** The host, if it is an address. */
    Optional<InetAddress> address() {
        try {
            return Optional.of(
                    InetAddress.ofLiteral(
                            host.startsWith("[") ? host.substring(1, host.length() - 1) : host));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // a name
        }
    }

    /** Its head as HTTP/1.1 has it, lines ending in CRLF. */
    String head() {
        StringBuilder head = new StringBuilder(method).append(' ').append(target);
        head.append(" HTTP/1.1\r\n");
        if (fields.stream()
                .noneMatch(field -> field.toLowerCase(Locale.ROOT).startsWith("host:"))) {
            head.append("Host: ").append(authority).append("\r\n");
        }
        fields.forEach(field -> head.append(field).append("\r\n"));
        if (webSocket) {
            head.append(
                    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
            head.append("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n");
        }
        return head.append("\r\n").toString();
    }
}

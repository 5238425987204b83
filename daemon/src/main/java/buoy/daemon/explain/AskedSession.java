package buoy.daemon.explain;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A session as somebody would begin it.
 *
 * @param host without brackets
 * @param serverName that TLS is begun for, in lower case; empty without TLS, or where it names none
 * @param said in its start-up message; of PostgreSQL alone
 * @param listener the one to ask, where address and port do not tell
 */
public record AskedSession(
        Protocol protocol,
        String host,
        int port,
        Optional<String> serverName,
        Map<String, String> said,
        InetAddress from,
        Optional<String> listener) {
    private static final int POSTGRES_PORT = 5432;

    /** What of a connection URI is for the client's library, and not for the server. */
    private static final Set<String> LIBRARYS =
            Set.of(
                    "password",
                    "passfile",
                    "host",
                    "hostaddr",
                    "port",
                    "connect_timeout",
                    "target_session_attrs",
                    "channel_binding",
                    "gssencmode",
                    "load_balance_hosts");

    public AskedSession {
        said = Map.copyOf(said);
    }

    /** That of the listener. */
    public enum Protocol {
        TCP,
        UDP,
        POSTGRES;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a URL is that of a session. */
    public static boolean isMeant(String url) {
        return url.matches("(?i)(tcp|udp|postgres|postgresql):.*");
    }

    /**
     * Of what the command line has.
     *
     * @throws IllegalArgumentException if it is no session; the message says what to write
     */
    public static AskedSession of(String url, InetAddress from, Optional<String> listener) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(no(url), e);
        }
        Protocol protocol =
                switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
                    case "tcp" -> Protocol.TCP;
                    case "udp" -> Protocol.UDP;
                    default -> Protocol.POSTGRES;
                };
        int port =
                uri.getPort() < 0 && protocol == Protocol.POSTGRES ? POSTGRES_PORT : uri.getPort();
        if (uri.getHost() == null || port < 1 || port > 65535) {
            throw new IllegalArgumentException(no(url));
        }
        Map<String, String> asked = query(uri);
        String name = asked.remove("sni");
        if (protocol != Protocol.POSTGRES && !asked.isEmpty()) {
            throw new IllegalArgumentException(
                    "\"%s\" says nothing that a session of %s has (there is sni)"
                            .formatted(asked.keySet().iterator().next(), protocol.word()));
        }
        return new AskedSession(
                protocol,
                uri.getHost().replaceAll("^\\[(.*)]$", "$1"),
                port,
                Optional.ofNullable(name).map(each -> each.toLowerCase(Locale.ROOT)),
                protocol == Protocol.POSTGRES ? startup(uri, asked) : Map.of(),
                from,
                listener);
    }

    private static String no(String url) {
        return "\"%s\" is no session that can be explained (write tcp://HOST:PORT[?sni=NAME], udp://HOST:PORT or postgres://[USER@]HOST[:PORT][/DATABASE][?PARAMETER=VALUE])"
                .formatted(url);
    }

    private static Map<String, String> startup(URI uri, Map<String, String> asked) {
        Map<String, String> said = new LinkedHashMap<>();
        String user = Optional.ofNullable(uri.getUserInfo()).orElse("");
        int colon = user.indexOf(':');
        said.put("user", colon < 0 ? user : user.substring(0, colon)); // a password is left out
        String database = Optional.ofNullable(uri.getPath()).orElse("");
        if (database.length() > 1) {
            said.put("database", database.substring(1));
        }
        asked.forEach(
                (name, value) -> {
                    if (!LIBRARYS.contains(name) && !name.startsWith("ssl")) {
                        said.put(name.equals("dbname") ? "database" : name, value);
                    }
                });
        return said;
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> all = new LinkedHashMap<>();
        String query = Optional.ofNullable(uri.getRawQuery()).orElse("");
        for (String pair : List.of(query.split("&", -1))) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                all.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return all;
    }

    /** As in a URI (RFC 3986 2.1): a plus is itself. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}

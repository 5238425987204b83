package buoy.config;

import buoy.config.model.Endpoint;
import buoy.config.model.Network;
import buoy.config.model.Prefix;
import buoy.config.model.ServerAddress;
import buoy.config.model.UnixPath;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses and what is made of them. Nothing here ever asks a name server. */
final class Addresses {
    private static final int MAX_LENGTH = 64;

    /** sun_path of unix(7) with its final zero, and room for the name under which it is made. */
    private static final int LONGEST_UNIX_PATH = 103;

    private static final int OCTETS = 4;
    private static final long NOT_DOTTED = -1;
    private static final int MAX_PORT = 65535;

    private static final String LABEL = "[0-9a-zA-Z_]([0-9a-zA-Z_-]{0,61}[0-9a-zA-Z_])?";
    private static final Pattern HOST_NAME =
            Pattern.compile("(%s\\.)*%s\\.?".formatted(LABEL, LABEL));
    private static final Format<Integer> PORT = Numbers.between(1, MAX_PORT);

    private Addresses() {}

    /** {@code 198.51.100.1} or {@code 2001:db8::1}. */
    static Parsed<InetAddress> address(String text) {
        if (text.length() <= MAX_LENGTH && looksLikeAddress(text)) {
            try {
                InetAddress address = InetAddress.ofLiteral(text);
                // ::ffff:198.51.100.1 would silently become IPv4.
                if (address instanceof Inet6Address == text.contains(":")) {
                    return Parsed.ok(address);
                }
            } catch (IllegalArgumentException _) {
                // Said below, in our words.
            }
        }
        return Parsed.wrong(
                "must be an IP address such as 198.51.100.1 or 2001:db8::1, got "
                        + Text.quoted(text));
    }

    /**
     * Strict where the JDK is not: it takes 1.2.3 and 010.0.0.1. Scopes have no place in a file.
     */
    private static boolean looksLikeAddress(String text) {
        return text.contains(":")
                ? text.chars().allMatch(c -> Ascii.isHex(c) || c == ':' || c == '.')
                : isDotted(text);
    }

    // No patterns from here to what names are: a pool may have ten thousand addresses.

    private static boolean isDotted(String text) {
        return dotted(text, text.length()) != NOT_DOTTED;
    }

    /**
     * What stands before {@code end}: four numbers of 0..255 with dots between them, none with a
     * zero in front, as the 32 bits they are; or {@link #NOT_DOTTED}.
     */
    private static long dotted(String text, int end) {
        long bits = 0;
        int octets = 1;
        int octet = 0;
        int digits = 0;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c == '.' && digits > 0) {
                bits = bits << 8 | octet;
                octets++;
                octet = 0;
                digits = 0;
            } else if (Ascii.isDigit(c) && !(digits > 0 && octet == 0)) {
                octet = octet * 10 + c - '0';
                digits++;
            } else {
                return NOT_DOTTED;
            }
            if (octet > 255) {
                return NOT_DOTTED;
            }
        }
        return octets == OCTETS && digits > 0 ? bits << 8 | octet : NOT_DOTTED;
    }

    /**
     * The usual form of an address and a port, such as {@code 198.51.100.1:443}, read in one go.
     * Empty where it is another form, or wrong.
     */
    private static Optional<Endpoint> usual(String text) {
        int colon = text.lastIndexOf(':');
        long bits = dotted(text, Math.max(colon, 0));
        int port = 0;
        for (int i = colon + 1; i < text.length() && port <= MAX_PORT; i++) {
            char c = text.charAt(i);
            if (!Ascii.isDigit(c) || (c == '0' && port == 0)) {
                return Optional.empty();
            }
            port = port * 10 + c - '0';
        }
        return bits == NOT_DOTTED || port == 0 || port > MAX_PORT
                ? Optional.empty()
                : Optional.of(new Endpoint(inet4(bits), port));
    }

    private static InetAddress inet4(long bits) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {
                        (byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits
                    });
        } catch (UnknownHostException e) {
            throw new IllegalStateException("any four octets are an address", e);
        }
    }

    /** {@code 198.51.100.1:443} or {@code [2001:db8::1]:443}; the port is 1..65535. */
    static Parsed<Endpoint> endpoint(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        if (colon < 0 || bracketed != (colon > 0 && text.charAt(colon - 1) == ']')) {
            return notAnEndpoint(text);
        }
        String host = bracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
        if (bracketed != host.contains(":")) {
            return notAnEndpoint(text);
        }
        if (!bracketed && looksLikeName(host)) {
            return Parsed.wrong(
                    "names are looked up for servers of pools alone, got %s (write an IP address)"
                            .formatted(Text.quoted(text)));
        }
        return address(host)
                .then(
                        address ->
                                port(text.substring(colon + 1))
                                        .then(port -> Parsed.ok(new Endpoint(address, port))));
    }

    private static Parsed<Endpoint> notAnEndpoint(String text) {
        return Parsed.wrong(
                "must be an address and a port, such as 198.51.100.1:443 or [2001:db8::1]:443,"
                        + " got "
                        + Text.quoted(text));
    }

    /** {@code unix:/run/app.sock}: absolute, and nothing that names the same file otherwise. */
    static Parsed<UnixPath> unix(String text) {
        String path = UnixPath.pathOf(text);
        if (!Pattern.matches("(/[!-~&&[^/]]+)+", path)
                || Pattern.matches(".*/[.]{1,2}(/.*)?", path)) {
            return Parsed.wrong(
                    "must be a path from the root without . and .., such as unix:/run/app.sock, got "
                            + Text.quoted(text));
        }
        return path.length() > LONGEST_UNIX_PATH
                ? Parsed.wrong(
                        "is too long for a unix socket: at most %d characters after unix:, got %d"
                                .formatted(LONGEST_UNIX_PATH, path.length()))
                : Parsed.ok(new UnixPath(path));
    }

    /** As {@link #endpoint}, {@code app1.internal:5000} or {@code unix:/run/app.sock}. */
    static Parsed<ServerAddress> server(String text) {
        if (UnixPath.isMeant(text)) {
            return unix(text).then(path -> Parsed.ok(new ServerAddress.Local(path)));
        }
        Optional<Endpoint> usual = usual(text);
        if (usual.isPresent()) {
            return Parsed.ok(new ServerAddress.Fixed(usual.get()));
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Parsed.wrong(
                    "must be an address and a port, such as 198.51.100.1:443 or"
                            + " app1.internal:5000, got "
                            + Text.quoted(text));
        }
        String host = text.substring(0, colon);
        if (!looksLikeName(host)) {
            return endpoint(text).then(e -> Parsed.ok(new ServerAddress.Fixed(e)));
        }
        return hostName(host)
                .then(
                        name ->
                                port(text.substring(colon + 1))
                                        .then(
                                                port ->
                                                        Parsed.ok(
                                                                new ServerAddress.Named(
                                                                        name, port))));
    }

    /**
     * RFC 1035 2.3.4 and RFC 1123 2.1, with underscores, which name servers do not mind. A dot at
     * the end means that nothing is to be added.
     */
    private static Parsed<String> hostName(String text) {
        return text.length() <= 253 && HOST_NAME.matcher(text).matches()
                ? Parsed.ok(text.toLowerCase(Locale.ROOT))
                : Parsed.wrong(
                        "must be a host name: labels of 1..63 letters, digits and hyphens with dots"
                                + " between them, got "
                                + Text.quoted(text));
    }

    private static boolean looksLikeName(String host) {
        boolean letter = false;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            letter |= Ascii.isLetter(c);
            if (!Ascii.isLetterOrDigit(c) && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return letter;
    }

    static Parsed<Integer> port(String text) {
        return switch (PORT.parse(text)) {
            case Parsed.Ok<Integer> ok -> ok;
            case Parsed.Wrong<Integer>(String why) -> Parsed.wrong("the port " + why);
        };
    }

    /** {@code 198.51.100.100/24}; host bits may be set. */
    static Parsed<Prefix> prefix(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            return address(text)
                    .then(
                            a ->
                                    Parsed.wrong(
                                            "needs the length of its network, got %s (write %s/%d)"
                                                    .formatted(
                                                            Text.quoted(text),
                                                            Text.shown(text),
                                                            a.getAddress().length == 4 ? 24 : 64)));
        }
        return address(text.substring(0, slash))
                .then(
                        address ->
                                length(text.substring(slash + 1), address)
                                        .then(n -> Parsed.ok(new Prefix(address, n))));
    }

    private static Parsed<Integer> length(String text, InetAddress address) {
        return switch (Numbers.between(0, address.getAddress().length * 8).parse(text)) {
            case Parsed.Ok<Integer> ok -> ok;
            case Parsed.Wrong<Integer>(String why) -> Parsed.wrong("the length after the / " + why);
        };
    }

    /** {@code 203.0.113.0/24}, or one address; host bits must not be set. */
    static Parsed<Network> network(String text) {
        if (!text.contains("/")) {
            return address(text).then(a -> Parsed.ok(new Network(a, a.getAddress().length * 8)));
        }
        return prefix(text)
                .then(
                        prefix -> {
                            byte[] bytes = prefix.address().getAddress();
                            for (int bit = prefix.length(); bit < bytes.length * 8; bit++) {
                                if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0) {
                                    return Parsed.wrong(
                                            "%s has bits set beyond /%d (clear them, or leave /%d out)"
                                                    .formatted(
                                                            Text.quoted(text),
                                                            prefix.length(),
                                                            prefix.length()));
                                }
                            }
                            return Parsed.ok(new Network(prefix.address(), prefix.length()));
                        });
    }
}

package buoy.daemon.imports.draft;

import buoy.config.model.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses as HAProxy (its configuration manual, 11) and NGINX write them. */
public final class Endpoints {
    private static final int MOST_PORTS = 64;

    private Endpoints() {}

    /**
     * What {@code bind} names: {@code *:80}, {@code :::443}, {@code 198.51.100.1:80-82}, {@code
     * /run/x.sock}. Empty where Buoy has no such place.
     */
    public static Optional<List<String>> bind(String text) {
        String place = text.replaceFirst("^(ipv4@|ipv6@|tcp@|tcp4@|tcp6@)", "");
        Optional<String> unix = unix(place);
        if (unix.isPresent()) {
            return unix.map(List::of);
        }
        int colon = place.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        Matcher ports =
                Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?")
                        .matcher(place.substring(colon + 1));
        if (!ports.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(ports.group(1));
        int last = ports.group(2) == null ? first : Integer.parseInt(ports.group(2));
        if (first < 1 || last > 65535 || last < first || last - first >= MOST_PORTS) {
            return Optional.empty();
        }
        String host = place.substring(0, colon);
        Optional<InetAddress> address =
                switch (host) {
                    case "", "*" -> Networks.address(text.startsWith("ipv6@") ? "::" : "0.0.0.0");
                    case "::", "[::]", "[*]" -> Networks.address("::");
                    default -> Networks.address(host.replaceAll("^\\[(.*)]$", "$1"));
                };
        if (address.isEmpty() || address.get().isMulticastAddress()) {
            return Optional.empty();
        }
        List<String> endpoints = new ArrayList<>();
        for (int port = first; port <= last; port++) {
            endpoints.add(new Endpoint(address.get(), port).toString());
        }
        return Optional.of(endpoints);
    }

    /**
     * What {@code server} names, as Buoy writes it.
     *
     * @param port where it names none; 0 is none either
     */
    public static Optional<String> server(String text, int port) {
        String place = text.replaceFirst("^(ipv4@|ipv6@|tcp@|tcp4@|tcp6@)", "");
        Optional<String> unix = unix(place);
        if (unix.isPresent()) {
            return unix;
        }
        Optional<InetAddress> bare = Networks.address(place.replaceAll("^\\[(.*)]$", "$1"));
        String host = place;
        int at = port;
        Matcher matcher = Pattern.compile("(.+):([0-9]{1,5})").matcher(place);
        // 2001:db8::1 is an address; 2001:db8::1:80 would be one too, and HAProxy takes 80 for a
        // port.
        if (matcher.matches() && (place.startsWith("[") || place.contains(":"))) {
            host = matcher.group(1);
            at = Integer.parseInt(matcher.group(2));
        } else if (bare.isPresent()) {
            host = place;
        } else if (place.contains(":")) {
            return Optional.empty();
        }
        if (at < 1 || at > 65535) {
            return Optional.empty();
        }
        Optional<InetAddress> address = Networks.address(host.replaceAll("^\\[(.*)]$", "$1"));
        if (address.isPresent()) {
            return Optional.of(new Endpoint(address.get(), at).toString());
        }
        String label = "[0-9a-zA-Z_]([0-9a-zA-Z_-]{0,61}[0-9a-zA-Z_])?";
        return host.length() <= 253
                        && Pattern.matches("(" + label + "\\.)*" + label + "\\.?", host)
                        && Pattern.matches(".*[a-zA-Z].*", host)
                ? Optional.of(host.toLowerCase(java.util.Locale.ROOT) + ":" + at)
                : Optional.empty();
    }

    private static Optional<String> unix(String place) {
        String path =
                place.startsWith("unix@")
                        ? place.substring("unix@".length())
                        : place.startsWith("/") ? place : "";
        return path.startsWith("/")
                        && path.length() <= 103
                        && Pattern.matches("(/[!-~&&[^/]]+)+", path)
                        && !Pattern.matches(".*/[.]{1,2}(/.*)?", path)
                ? Optional.of("unix:" + path)
                : Optional.empty();
    }

    /** The port of an endpoint as Buoy writes it; 0 for a unix socket. */
    public static int port(String endpoint) {
        return endpoint.startsWith("unix:")
                ? 0
                : Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }
}

package buoy.lb.http.head;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who asks: the peer of the connection, or whom trusted proxies name in X-Forwarded-For or
 * Forwarded (RFC 7239). The list is read from its end, as far as those who wrote it are trusted.
 * Where there is X-Forwarded-For, Forwarded does not count.
 */
public final class Asker {
    /** The longest address as text: IPv6 that ends in the form of IPv4. */
    private static final int LONGEST = 45;

    private Asker() {}

    public static InetAddress of(RequestHead head, ClientFacts client) {
        InetAddress peer = client.client();
        if (!client.believed()) {
            return peer;
        }
        // Never the proxy itself for the mere fact that two fields differ: its address may be one
        // that is let in, and any client can send a field that the proxy does not write.
        return last(nodes(head, Field.X_FORWARDED_FOR), client)
                .or(() -> last(nodes(head, Field.FORWARDED), client))
                .orElse(peer);
    }

    /** The same as it is written. */
    public static byte[] text(RequestHead head, ClientFacts client) {
        InetAddress asker = of(head, client);
        return asker.equals(client.client())
                ? client.address()
                : Octets.ascii(ClientFacts.text(asker));
    }

    /** Those that all lines with this field name, in their order. */
    private static List<Optional<InetAddress>> nodes(RequestHead head, Field field) {
        List<Optional<InetAddress>> nodes = List.of();
        for (int line = 0; line < head.count; line++) {
            if (head.fields[line] == field && head.valueEnd(line) > head.valueStart(line)) {
                String value = head.text(head.valueStart(line), head.valueEnd(line));
                nodes = nodes.isEmpty() ? new ArrayList<>() : nodes;
                nodes.addAll(field == Field.FORWARDED ? ForwardedNodes.of(value) : listed(value));
            }
        }
        return nodes;
    }

    private static List<Optional<InetAddress>> listed(String value) {
        List<Optional<InetAddress>> nodes = new ArrayList<>();
        for (String element : value.split(",", -1)) {
            String text = element.strip();
            nodes.add(address(text, text.contains(":")));
        }
        return nodes;
    }

    /** The first from the end that is not trusted, or the last before one that is nobody. */
    private static Optional<InetAddress> last(
            List<Optional<InetAddress>> nodes, ClientFacts client) {
        if (nodes.isEmpty()) {
            return Optional.empty();
        }
        InetAddress asker = client.client();
        for (int i = nodes.size() - 1; i >= 0 && client.trusts(asker); i--) {
            Optional<InetAddress> named = nodes.get(i);
            if (named.isEmpty()) {
                break;
            }
            asker = named.get();
        }
        return Optional.of(asker);
    }

    /** The address written there, of that family; none if it is none. */
    static Optional<InetAddress> address(String text, boolean six) {
        // A zone would name an interface of another host.
        if (text.length() > LONGEST || text.contains("%")) {
            return Optional.empty();
        }
        try {
            return text.contains(":") == six
                    ? Optional.of(InetAddress.ofLiteral(text))
                    : Optional.empty();
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }
}

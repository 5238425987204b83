package buoy.lb.http.head;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.NoSuchElementException;
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
        return named(head, Field.X_FORWARDED_FOR, client)
                .or(() -> named(head, Field.FORWARDED, client))
                .orElse(peer);
    }

    /** The same as it is written. */
    public static byte[] text(RequestHead head, ClientFacts client) {
        InetAddress asker = of(head, client);
        return asker.equals(client.client())
                ? client.address()
                : Octets.ascii(ClientFacts.text(asker));
    }

    /**
     * The first from the end of all lines with this field that is not trusted, or the last before
     * one that is nobody; empty without such a line. No more of them is looked at: there may be
     * thousands.
     */
    private static Optional<InetAddress> named(RequestHead head, Field field, ClientFacts client) {
        boolean said = false;
        InetAddress asker = client.client();
        for (int line = head.count - 1; line >= 0 && client.trusts(asker); line--) {
            if (head.fields[line] != field || head.valueEnd(line) == head.valueStart(line)) {
                continue;
            }
            said = true;
            String value = head.text(head.valueStart(line), head.valueEnd(line));
            Iterator<Optional<InetAddress>> nodes =
                    field == Field.FORWARDED ? forwarded(value) : listed(value);
            while (nodes.hasNext() && client.trusts(asker)) {
                Optional<InetAddress> node = nodes.next();
                if (node.isEmpty()) {
                    return Optional.of(asker);
                }
                asker = node.get();
            }
        }
        return said ? Optional.of(asker) : Optional.empty();
    }

    /** From the last to the first. */
    private static Iterator<Optional<InetAddress>> forwarded(String value) {
        return ForwardedNodes.of(value).reversed().stream().map(ForwardedNodes::address).iterator();
    }

    /** From the last to the first. */
    private static Iterator<Optional<InetAddress>> listed(String value) {
        return new Iterator<>() {
            private int end = value.length();

            @Override
            public boolean hasNext() {
                return end >= 0;
            }

            @Override
            public Optional<InetAddress> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int comma = value.lastIndexOf(',', end - 1);
                String text = value.substring(comma + 1, end).strip();
                end = comma;
                return address(text, text.contains(":"));
            }
        };
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

package buoy.lb.http.head;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: the peer of the connection, or whom trusted proxies name in X-Forwarded-For. The list
 * is read from its end, as far as those who wrote it are trusted.
 */
public final class Asker {
    /** The longest address as text: IPv6 that ends in the form of IPv4. */
    private static final int LONGEST = 45;

    private Asker() {}

    public static InetAddress of(RequestHead head, ClientFacts client) {
        InetAddress asker = client.client();
        for (int line = head.count - 1; line >= 0 && client.trusts(asker); line--) {
            if (head.fields[line] == Field.X_FORWARDED_FOR) {
                int end = head.valueEnd(line);
                while (end > head.valueStart(line) && client.trusts(asker)) {
                    int start = elementStart(head, line, end);
                    InetAddress named = address(head, start, end);
                    if (named == null) {
                        return asker;
                    }
                    asker = named;
                    end = start - 1;
                }
            }
        }
        return asker;
    }

    /** The same as it is written. */
    public static byte[] text(RequestHead head, ClientFacts client) {
        InetAddress asker = of(head, client);
        return asker.equals(client.client())
                ? client.address()
                : Octets.ascii(ClientFacts.text(asker));
    }

    private static int elementStart(RequestHead head, int line, int end) {
        int start = end;
        while (start > head.valueStart(line) && head.bytes[start - 1] != ',') {
            start--;
        }
        return start;
    }

    /** The address written there; null if it is none. */
    private static @Nullable InetAddress address(RequestHead head, int from, int to) {
        if (to - from > LONGEST + 2) {
            return null;
        }
        String text = head.text(from, to).strip();
        try {
            // A zone would name an interface of another host.
            return text.contains("%") ? null : InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException noAddress) {
            return null;
        }
    }
}

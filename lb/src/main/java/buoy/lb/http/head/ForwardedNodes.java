package buoy.lb.http.head;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the field Forwarded (RFC 7239 4): for each of its elements, in their order, its {@code
 * for}, which is empty where it is not said. What is no such list names nobody from the first
 * mistake on: it is read from its end, so none of it is believed.
 */
final class ForwardedNodes {
    private static final String NOBODY = "";

    private final String value;
    private final List<String> nodes = new ArrayList<>();
    private int at;

    private ForwardedNodes(String value) {
        this.value = value;
    }

    static List<String> of(String value) {
        ForwardedNodes reading = new ForwardedNodes(value);
        do {
            String node = reading.element();
            boolean whole = reading.isAt(',') || reading.at == value.length();
            reading.nodes.add(whole ? node : NOBODY);
            if (!whole) {
                break;
            }
        } while (reading.skip(','));
        return reading.nodes;
    }

    /** Ends behind the last pair that is one. */
    private String element() {
        String node = NOBODY;
        boolean said = false;
        do {
            blank();
            int start = at;
            token();
            String name = value.substring(start, at);
            if (name.isEmpty()) {
                // Elements and pairs may be empty.
                continue;
            }
            if (!skip('=')) {
                at = start;
                return NOBODY;
            }
            Optional<String> text = isAt('"') ? quoted() : unquoted();
            if (text.isEmpty()) {
                return NOBODY;
            }
            if (name.equalsIgnoreCase("for")) {
                // RFC 7239 4: each parameter at most once.
                node = said ? NOBODY : text.get();
                said = true;
            }
            blank();
        } while (skip(';'));
        return node;
    }

    private Optional<String> unquoted() {
        int start = at;
        token();
        return at > start ? Optional.of(value.substring(start, at)) : Optional.empty();
    }

    /** Where it does not end, {@code at} stays at its beginning, which is no end of an element. */
    private Optional<String> quoted() {
        StringBuilder text = new StringBuilder();
        for (int i = at + 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                at = i + 1;
                return Optional.of(text.toString());
            }
            if (c == '\\' && ++i == value.length()) {
                break;
            }
            text.append(value.charAt(i));
        }
        return Optional.empty();
    }

    private void token() {
        while (at < value.length() && isToken(value.charAt(at))) {
            at++;
        }
    }

    /** RFC 9110 5.6.2. */
    private static boolean isToken(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private void blank() {
        while (isAt(' ') || isAt('\t')) {
            at++;
        }
    }

    private boolean isAt(char c) {
        return at < value.length() && value.charAt(at) == c;
    }

    private boolean skip(char c) {
        boolean there = isAt(c);
        at += there ? 1 : 0;
        return there;
    }

    /**
     * The address of a node: IPv6 in brackets, and perhaps a port or a word in place of one (RFC
     * 7239 6). None where it is hidden or unknown.
     */
    static Optional<InetAddress> address(String node) {
        int colon = node.lastIndexOf(':');
        if (node.startsWith("[")) {
            int end = node.indexOf(']');
            boolean whole = end == node.length() - 1 || colon == end + 1;
            return end > 0 && whole
                    ? Asker.address(node.substring(1, end), true)
                    : Optional.empty();
        }
        return Asker.address(colon < 0 ? node : node.substring(0, colon), false);
    }
}

package buoy.lb.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a {@code StartupMessage} says of its session: names with values, in the order sent. Texts
 * are octets, a char each, because nothing says how they are encoded.
 */
record StartupParameters(List<Parameter> all) {
    StartupParameters {
        all = List.copyOf(all);
    }

    /** One name with its value. */
    record Parameter(String name, String value) {}

    /**
     * Reads names and values, each ended by a zero byte; an empty name ends them all.
     *
     * @return empty if they do not end exactly at {@code to}
     */
    static Optional<StartupParameters> read(ByteBuffer bytes, int from, int to) {
        List<Parameter> all = new ArrayList<>();
        String name = null;
        int start = from;
        for (int i = from; i < to; i++) {
            if (bytes.get(i) != 0) {
                continue;
            }
            if (name == null && i == start) {
                return i == to - 1 ? Optional.of(new StartupParameters(all)) : Optional.empty();
            }
            String text = octets(bytes, start, i);
            if (name == null) {
                name = text;
            } else {
                all.add(new Parameter(name, text));
                name = null;
            }
            start = i + 1;
        }
        return Optional.empty();
    }

    private static String octets(ByteBuffer bytes, int from, int to) {
        byte[] text = new byte[to - from];
        bytes.get(from, text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** The user; empty if none is named, which the server refuses. */
    String user() {
        return readable(last("user"));
    }

    /** The database; where none is named, the server takes the one called as the user. */
    String database() {
        String named = last("database");
        return named.isEmpty() ? user() : readable(named);
    }

    /**
     * What the session begins with a server's parameter set to. As for the server, one that is
     * named by itself goes before one in {@code options}, and of several the last counts.
     *
     * @param name in lower case; the client may write it in any
     */
    Optional<String> set(String name) {
        return last(name, all)
                .or(() -> last(name, CommandLine.parameters(last("options"))))
                .map(StartupParameters::readable);
    }

    private static Optional<String> last(String name, List<Parameter> of) {
        return of.reversed().stream()
                .filter(each -> each.name().equalsIgnoreCase(name))
                .map(Parameter::value)
                .findFirst();
    }

    /** As the server reads them: of a name that is given twice the last value counts. */
    private String last(String name) {
        return all.reversed().stream()
                .filter(each -> each.name().equals(name))
                .map(Parameter::value)
                .findFirst()
                .orElse("");
    }

    /** As configurations are written. */
    private static String readable(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}

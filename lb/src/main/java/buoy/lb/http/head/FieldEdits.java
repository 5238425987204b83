package buoy.lb.http.head;

import buoy.config.model.FieldChanges;
import buoy.config.model.Template;
import buoy.config.model.Template.Literal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Field lines to leave out of a head and to put into it, compiled. */
public final class FieldEdits {
    /** One line to put in: its name with colon and space; its value, or how to make it. */
    private static final class Line {
        private final byte[] name;
        private final byte @Nullable [] fixed;
        private final Template value;

        Line(Map.Entry<String, Template> field) {
            name = Octets.ascii(field.getKey() + ": ");
            value = field.getValue();
            fixed =
                    value.parts().size() == 1
                                    && value.parts().getFirst() instanceof Literal(var text)
                            ? Octets.ascii(text)
                            : null;
        }
    }

    private static final byte[] CRLF = Octets.ascii("\r\n");

    private final List<byte[]> dropped;
    private final List<Line> lines;

    private FieldEdits(FieldChanges changes) {
        dropped =
                Stream.concat(changes.set().keySet().stream(), changes.remove().stream())
                        .map(name -> Octets.ascii(name.toLowerCase(Locale.ROOT)))
                        .toList();
        List<Line> put = new ArrayList<>();
        changes.set().entrySet().forEach(field -> put.add(new Line(field)));
        changes.add().entrySet().forEach(field -> put.add(new Line(field)));
        lines = List.copyOf(put);
    }

    /** Null if nothing is changed. */
    public static @Nullable FieldEdits of(FieldChanges changes) {
        return changes.equals(FieldChanges.NONE) ? null : new FieldEdits(changes);
    }

    /** Marks the lines of a complete head that do not go on. */
    public void drop(Head head) {
        for (byte[] name : dropped) {
            head.dropAll(name);
        }
    }

    /** Whether a line of this name, in lower case, does not go on. */
    public boolean drops(String name) {
        byte[] bytes = Octets.ascii(name);
        return dropped.stream().anyMatch(other -> java.util.Arrays.equals(other, bytes));
    }

    /** Appends the lines that are put in; those without a value are left out. */
    public void put(RequestHead request, ClientFacts client, RequestId id, Output to) {
        for (Line line : lines) {
            byte[] value = line.fixed;
            if (value == null) {
                value =
                        Variables.filledIn(line.value, request, client, id)
                                .getBytes(StandardCharsets.ISO_8859_1);
            }
            if (value.length > 0 && isValue(value)) {
                to.put(line.name);
                to.put(value);
                to.put(CRLF);
            }
        }
    }

    /** No variable has anything else; were one to, its line must not become two. */
    private static boolean isValue(byte[] value) {
        for (byte b : value) {
            if (Octets.VALUE[b & 0xff] == 0) {
                return false;
            }
        }
        return true;
    }
}

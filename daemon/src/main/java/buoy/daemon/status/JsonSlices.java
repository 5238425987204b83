package buoy.daemon.status;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * JSON as it is made, with the same bytes that the generator behind {@link
 * buoy.daemon.json.JsonText} writes. That one is made for anything, and takes its time for each
 * member; the status of a large configuration has a hundred thousand, and whoever asks for it
 * waits, on a host that may have no core to spare.
 *
 * <p>Names are few, so each is made into bytes once. All is ASCII: the rest is written as escapes,
 * as DEL and C1 do something to the terminal that they come to.
 */
final class JsonSlices {
    private static final byte[] COMMA_AND_BREAK = new byte[64];

    static {
        Arrays.fill(COMMA_AND_BREAK, (byte) ' ');
        COMMA_AND_BREAK[0] = ',';
        COMMA_AND_BREAK[1] = '\n';
    }

    private static final byte[] TRUE = Labels.utf8("true");
    private static final byte[] FALSE = Labels.utf8("false");

    /** What has an escape of two characters, and what that ends in. */
    private static final String SHORT = "\"\\\b\t\n\f\r";

    private static final String SHORTENED = "\"\\btnfr";

    private final boolean indented;
    private final Slices out = new Slices();
    private final Decimal decimal = new Decimal();

    /** With quotes and what stands between name and value. */
    private final Map<String, byte[]> names = new HashMap<>();

    private final Function<String, byte[]> introduce = this::introduction;

    /** In how many objects what is written next is. */
    private int depth;

    /** Whether it is the first in the innermost object or array. */
    private boolean first = true;

    /** One value that is an object: it is begun, and {@link #end} ends it. */
    JsonSlices(boolean indented) {
        this.indented = indented;
        open('{');
        depth++;
    }

    JsonSlices string(String name, String value) {
        name(name);
        text(value);
        return this;
    }

    JsonSlices number(String name, long value) {
        name(name);
        decimal.set(value).writeTo(out);
        return this;
    }

    JsonSlices flag(String name, boolean value) {
        name(name);
        out.write(value ? TRUE : FALSE);
        return this;
    }

    /** A number with a point, whatever is behind it: readers may want one kind of number. */
    JsonSlices seconds(String name, Duration value) {
        name(name);
        decimal.set(value.getSeconds(), value.getNano()).writeTo(out);
        if (value.getNano() == 0) {
            out.write('.');
            out.write('0');
        }
        return this;
    }

    /** Begins a member that is an object. */
    JsonSlices object(String name) {
        name(name);
        open('{');
        depth++;
        return this;
    }

    JsonSlices endObject() {
        depth--;
        if (indented && first) {
            out.write(' ');
        } else if (indented) {
            out.write(COMMA_AND_BREAK, 1, 1 + 2 * depth);
        }
        close('}');
        return this;
    }

    /** Begins a member that is an array. */
    JsonSlices array(String name) {
        name(name);
        open('[');
        return this;
    }

    /** Begins an object in an array. */
    JsonSlices element() {
        separate();
        open('{');
        depth++;
        return this;
    }

    /** A text in an array. */
    JsonSlices element(String text) {
        separate();
        text(text);
        return this;
    }

    JsonSlices endArray() {
        if (indented) {
            out.write(' ');
        }
        close(']');
        return this;
    }

    /** All of it, in order. Nothing can be written afterwards. */
    List<byte[]> end() {
        endObject();
        if (indented) {
            out.write('\n');
        }
        return out.end();
    }

    private void open(char bracket) {
        out.write(bracket);
        first = true;
    }

    private void close(char bracket) {
        out.write(bracket);
        first = false;
    }

    private void name(String name) {
        if (indented) {
            int from = first ? 1 : 0;
            out.write(COMMA_AND_BREAK, from, 2 + 2 * depth - from);
        } else if (!first) {
            out.write(',');
        }
        first = false;
        out.write(names.computeIfAbsent(name, introduce));
    }

    private byte[] introduction(String name) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            quoted.append(isPlain(c) ? String.valueOf(c) : escaped(c));
        }
        return Labels.utf8(quoted + (indented ? "\" : " : "\":"));
    }

    /** Between the elements of an array. */
    private void separate() {
        if (!first) {
            out.write(',');
        }
        if (indented) {
            out.write(' ');
        }
        first = false;
    }

    private void text(String text) {
        out.write('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                out.write(c);
            } else {
                out.write(Labels.utf8(escaped(c)));
            }
        }
        out.write('"');
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c <= '~' && c != '"' && c != '\\';
    }

    private static String escaped(char c) {
        int known = SHORT.indexOf(c);
        return known >= 0
                ? "\\" + SHORTENED.charAt(known)
                : "\\u" + HexFormat.of().withUpperCase().toHexDigits(c);
    }
}

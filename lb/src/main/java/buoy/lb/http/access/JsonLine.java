package buoy.lb.http.access;

import buoy.config.model.AccessLog.Fact;
import buoy.lb.http.head.Output;
import java.nio.charset.StandardCharsets;

/** {@code format: json}: one object, of what is known. */
final class JsonLine implements EntryFormat {
    private static final Fact[] ALL = Fact.values();

    private final Facts facts = new Facts(Escapes::json);
    private final byte[][] names = new byte[ALL.length][];

    JsonLine() {
        for (int i = 0; i < ALL.length; i++) {
            String name = (i == 0 ? "{\"" : ",\"") + ALL[i].word() + "\":";
            names[i] = name.getBytes(StandardCharsets.US_ASCII);
        }
    }

    @Override
    public void put(Entry entry, Output out) {
        for (int i = 0; i < ALL.length; i++) {
            boolean quoted = !Facts.isNumber(ALL[i]);
            int before = out.length();
            out.put(names[i]);
            if (quoted) {
                out.put((byte) '"');
            }
            int begun = out.length();
            facts.put(ALL[i], entry, out);
            if (out.length() == begun) {
                out.backTo(before);
            } else if (quoted) {
                out.put((byte) '"');
            }
        }
        out.put((byte) '}');
        out.put((byte) '\n');
    }
}

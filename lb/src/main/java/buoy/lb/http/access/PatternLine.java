package buoy.lb.http.access;

import buoy.config.model.AccessLog.Fact;
import buoy.config.model.AccessLog.Literal;
import buoy.config.model.AccessLog.Part;
import buoy.lb.http.head.Output;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A pattern of the operator's; what is not known is a dash, and texts are escaped as by NGINX. */
final class PatternLine implements EntryFormat {
    private final Facts facts = new Facts(Escapes::nginx);
    private final List<Part> parts;
    private final byte[][] literals;

    PatternLine(List<Part> parts) {
        this.parts = parts;
        this.literals =
                parts.stream()
                        .map(part -> part instanceof Literal(String text) ? text : "")
                        .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                        .toArray(byte[][]::new);
    }

    @Override
    public void put(Entry entry, Output out) {
        for (int i = 0; i < literals.length; i++) {
            switch (parts.get(i)) {
                case Literal _ -> out.put(literals[i]);
                case Fact fact -> facts.orDash(fact, entry, out);
            }
        }
        out.put((byte) '\n');
    }
}

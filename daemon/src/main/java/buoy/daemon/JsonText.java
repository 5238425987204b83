package buoy.daemon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes JSON into a string, by Jackson's streaming generator alone: no binding, no reflection. */
public final class JsonText {
    private final JsonFactory factory = new JsonFactory();

    /** What is written. */
    @FunctionalInterface
    public interface Body {
        void write(JsonGenerator out) throws IOException;
    }

    public String of(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = factory.createGenerator(text)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("a string refused to grow", e);
        }
        return text.toString();
    }

    /** A field that is a number or a boolean where it can be, else a string. */
    public static void scalar(JsonGenerator out, String name, Object value) throws IOException {
        switch (value) {
            case Boolean flag -> out.writeBooleanField(name, flag);
            case Integer number -> out.writeNumberField(name, number);
            case Long number -> out.writeNumberField(name, number);
            case Double number when Double.isFinite(number) -> out.writeNumberField(name, number);
            default -> out.writeStringField(name, value.toString());
        }
    }
}

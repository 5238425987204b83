package buoy.daemon.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Writes JSON, by Jackson's streaming generator alone: no binding, no reflection. */
public final class JsonText {
    /** All but ASCII as escapes: DEL and C1 do something to the terminal that they come to. */
    private final JsonFactory factory =
            new JsonFactoryBuilder().highestNonEscapedChar(0x7e).build();

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

    /** A whole number anywhere in what somebody else wrote. */
    public static Optional<Long> number(String json, String name) {
        try (JsonParser in = new JsonFactory().createParser(json)) {
            while (in.nextToken() != null) {
                if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && name.equals(in.currentName())) {
                    return Optional.of(in.getLongValue());
                }
            }
            return Optional.empty();
        } catch (IOException _) {
            return Optional.empty(); // not JSON: then it holds no number either
        }
    }
}

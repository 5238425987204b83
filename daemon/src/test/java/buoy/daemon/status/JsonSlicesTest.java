package buoy.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Jackson is the judge: of the same members it makes the same bytes. */
class JsonSlicesTest {
    private static final int DEEPEST = 3;

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        return objects(DEEPEST);
    }

    private static Arbitrary<Map<String, Object>> objects(int depth) {
        Arbitrary<String> texts = Arbitraries.strings().ofMaxLength(8);
        Arbitrary<Object> values =
                Arbitraries.oneOf(
                        texts, Arbitraries.longs(), Arbitraries.of(true, false), texts.list());
        if (depth > 0) {
            Arbitrary<Map<String, Object>> inner = objects(depth - 1);
            values = Arbitraries.oneOf(values, inner, inner.list().ofMaxSize(3));
        }
        return Arbitraries.maps(texts, values).ofMaxSize(4);
    }

    @Property(tries = 200)
    void itWritesWhatTheLibraryWrites(@ForAll("objects") Map<String, Object> members)
            throws IOException {
        for (boolean indented : List.of(true, false)) {
            JsonSlices ours = new JsonSlices(indented);
            write(members, ours);
            assertThat(text(ours)).isEqualTo(library(members, indented));
        }
    }

    private static String text(JsonSlices json) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        json.end().forEach(all::writeBytes);
        return all.toString(StandardCharsets.US_ASCII);
    }

    private static void write(Map<?, ?> members, JsonSlices out) {
        members.forEach(
                (key, value) -> {
                    String name = key.toString();
                    switch (value) {
                        case String text -> out.string(name, text);
                        case Long number -> out.number(name, number);
                        case Boolean flag -> out.flag(name, flag);
                        case Map<?, ?> object -> {
                            out.object(name);
                            write(object, out);
                            out.endObject();
                        }
                        case List<?> elements -> {
                            out.array(name);
                            elements.forEach(element -> element(element, out));
                            out.endArray();
                        }
                        default -> throw new IllegalStateException(name);
                    }
                });
    }

    private static void element(Object element, JsonSlices out) {
        if (element instanceof Map<?, ?> object) {
            out.element();
            write(object, out);
            out.endObject();
        } else {
            out.element(element.toString());
        }
    }

    private static String library(Map<?, ?> members, boolean indented) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out =
                new JsonFactoryBuilder()
                        .highestNonEscapedChar(0x7e)
                        .build()
                        .createGenerator(text)) {
            if (indented) {
                out.useDefaultPrettyPrinter();
            }
            library(members, out);
            if (indented) {
                out.writeRaw('\n');
            }
        }
        // It leaves this one as it is.
        return text.toString().replace("\u007f", "\\u007F");
    }

    private static void library(Object value, JsonGenerator out) throws IOException {
        switch (value) {
            case String text -> out.writeString(text);
            case Long number -> out.writeNumber(number);
            case Boolean flag -> out.writeBoolean(flag);
            case Map<?, ?> object -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> member : object.entrySet()) {
                    out.writeFieldName(member.getKey().toString());
                    library(member.getValue(), out);
                }
                out.writeEndObject();
            }
            case List<?> elements -> {
                out.writeStartArray();
                for (Object element : elements) {
                    library(element, out);
                }
                out.writeEndArray();
            }
            default -> throw new IllegalStateException(value.toString());
        }
    }

    @Example
    void secondsHaveAPointAndNoExponent() {
        JsonSlices out = new JsonSlices(false);
        out.seconds("none", Duration.ZERO)
                .seconds("some", Duration.ofNanos(42_500))
                .seconds("many", Duration.ofDays(200));
        assertThat(text(out)).isEqualTo("{\"none\":0.0,\"some\":0.0000425,\"many\":17280000.0}");
    }
}

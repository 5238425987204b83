package buoy.daemon.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A value of JSON that somebody else wrote. Whatever is asked of it and not there is empty:
 * nothing, no members, 0.
 *
 * @param text of a string, a number or a boolean
 * @param members of an object, in order
 * @param items of an array
 */
public record JsonTree(String text, Map<String, JsonTree> members, List<JsonTree> items) {
    private static final JsonTree NOTHING = new JsonTree("", Map.of(), List.of());

    /**
     * Reads a whole document.
     *
     * @throws IOException if it is none
     */
    public static JsonTree read(String json) throws IOException {
        try (JsonParser in = new JsonFactory().createParser(json)) {
            in.nextToken();
            return value(in);
        }
    }

    /** Jackson bounds how deep it may be. */
    private static JsonTree value(JsonParser in) throws IOException {
        if (in.currentToken() == JsonToken.START_OBJECT) {
            Map<String, JsonTree> members = new LinkedHashMap<>();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                members.put(name, value(in));
            }
            return new JsonTree("", members, List.of());
        }
        if (in.currentToken() == JsonToken.START_ARRAY) {
            List<JsonTree> items = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(in));
            }
            return new JsonTree("", Map.of(), items);
        }
        if (in.currentToken() == null) {
            throw new IOException("is no JSON: it ends too early");
        }
        return new JsonTree(in.getText(), Map.of(), List.of());
    }

    public JsonTree get(String name) {
        return Objects.requireNonNullElse(members.get(name), NOTHING);
    }

    /** The text of a member. */
    public String text(String name) {
        return get(name).text();
    }

    /** A member that is a whole number. */
    public long number(String name) {
        return (long) decimal(name);
    }

    /** A member that is a number. */
    public double decimal(String name) {
        String text = text(name);
        try {
            return text.isEmpty() ? 0 : Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return 0; // no number
        }
    }
}

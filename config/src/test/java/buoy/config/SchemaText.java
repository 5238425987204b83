package buoy.config;

import buoy.config.KnownKeys.Way;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The JSON Schema (draft 2020-12) of {@code buoy.yaml}: its keys, bounds and defaults are those
 * that readers ask for, its words those of {@code docs/configuration.md}.
 */
final class SchemaText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode ANY = JSON.getNodeFactory().booleanNode(true);

    private final KnownKeys known;
    private final ReferencePage page;
    private final Map<String, ObjectNode> shapes = new LinkedHashMap<>();

    private SchemaText(KnownKeys known, ReferencePage page) {
        this.known = known;
        this.page = page;
    }

    static String of(KnownKeys known, ReferencePage page) throws JsonProcessingException {
        SchemaText text = new SchemaText(known, page);
        ObjectNode root = JSON.createObjectNode();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "buoy.yaml");
        root.put(
                "description",
                "The configuration of Buoy. What refers to something else, such as the name of a"
                        + " pool, is judged by buoy check alone.");
        root.setAll(text.section(""));
        ObjectNode definitions = root.putObject("$defs");
        text.shapes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> definitions.set(each.getKey(), each.getValue()));
        return JSON.writer(new Narrow()).writeValueAsString(root) + "\n";
    }

    /** Two spaces, and short lists on one line. */
    private static final class Narrow extends DefaultPrettyPrinter {
        private static final long serialVersionUID = 1;

        Narrow() {
            indentObjectsWith(new DefaultIndenter("  ", "\n"));
        }

        private Narrow(Narrow base) {
            super(base);
        }

        @Override
        public DefaultPrettyPrinter createInstance() {
            return new Narrow(this);
        }
    }

    // --- sections

    private ObjectNode section(String at) {
        List<String> kinds = known.kinds(at);
        return kinds.isEmpty() ? plain(at) : ofKinds(at, kinds);
    }

    private ObjectNode plain(String at) {
        ObjectNode schema = object();
        List<KnownKeys.Key> keys = known.keys(at);
        if (keys.size() == 1 && keys.getFirst().name().equals("*")) {
            schema.set("additionalProperties", key(at, keys.getFirst()));
            return schema;
        }
        schema.put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        keys.forEach(key -> properties.set(key.name(), key(at, key)));
        require(
                schema,
                keys.stream().filter(KnownKeys.Key::required).map(KnownKeys.Key::name).toList());
        ArrayNode all = JSON.createArrayNode();
        for (List<String> group : known.exclusive(at)) {
            for (int i = 0; i < group.size(); i++) {
                for (int j = i + 1; j < group.size(); j++) {
                    require(all.addObject().putObject("not"), List.of(group.get(i), group.get(j)));
                }
            }
        }
        if (!all.isEmpty()) {
            schema.set("allOf", all);
        }
        return schema;
    }

    /** What tells the kinds apart comes first; which keys there are besides follows from it. */
    private ObjectNode ofKinds(String at, List<String> kinds) {
        ObjectNode schema = object();
        ObjectNode properties = schema.putObject("properties");
        Set<String> names = new LinkedHashSet<>();
        List<String> values = new ArrayList<>();
        kinds.forEach(
                kind -> known.keys(at + "{" + kind + "}").forEach(key -> names.add(key.name())));
        String[] first = kinds.getFirst().split("=", 2);
        if (first.length == 2) {
            kinds.forEach(kind -> values.add(kind.substring(kind.indexOf('=') + 1)));
            KnownKeys.Key telling =
                    known.keys(at + "{" + kinds.getFirst() + "}").stream()
                            .filter(key -> key.name().equals(first[0]))
                            .findFirst()
                            .orElseThrow();
            properties.set(first[0], key(at + "{" + kinds.getFirst() + "}", telling));
            require(schema, List.of(first[0]));
        } else {
            ArrayNode any = schema.putArray("anyOf");
            kinds.forEach(kind -> require(any.addObject(), List.of(kind)));
        }
        // Known before its kind is, so that an editor can offer them.
        List<ObjectNode> each = kinds.stream().map(kind -> plain(at + "{" + kind + "}")).toList();
        for (String name : names) {
            List<JsonNode> schemas =
                    each.stream().map(one -> one.get("properties").path(name)).toList();
            boolean same = Set.copyOf(schemas).size() == 1;
            properties.putIfAbsent(name, same ? schemas.getFirst() : ANY);
            if (same) {
                each.forEach(one -> ((ObjectNode) one.get("properties")).set(name, ANY));
            }
        }
        ArrayNode all = schema.putArray("allOf");
        for (int i = 0; i < kinds.size(); i++) {
            String kind = kinds.get(i);
            ObjectNode one = all.addObject();
            ObjectNode test = one.putObject("if");
            String[] parts = kind.split("=", 2);
            if (parts.length == 2) {
                test.putObject("properties").putObject(parts[0]).put("const", parts[1]);
            }
            require(test, List.of(parts[0]));
            one.set("then", each.get(i));
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private static ObjectNode object() {
        return JSON.createObjectNode().put("type", "object");
    }

    private static void require(ObjectNode schema, List<String> keys) {
        if (!keys.isEmpty()) {
            ArrayNode required = schema.putArray("required");
            keys.forEach(required::add);
        }
    }

    // --- keys

    private ObjectNode key(String at, KnownKeys.Key key) {
        ObjectNode schema = JSON.createObjectNode();
        String description = page.describe(at, key);
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
        key.otherwise().ifPresent(value -> schema.set("default", value(value)));
        String below = below(at, key.name());
        List<ObjectNode> ways = new ArrayList<>();
        for (Way way : key.ways()) {
            ways.add(
                    switch (way) {
                        case Way.Single(var format) -> reference(format.shape());
                        case Way.Items(var format) -> items(reference(format.shape()));
                        case Way.Sections _ -> items(section(below + "[]"));
                        case Way.Within _ -> section(below);
                        case Way.Nothing _ -> JSON.createObjectNode().put("type", "null");
                    });
        }
        if (ways.size() == 1) {
            schema.setAll(ways.getFirst());
        } else {
            schema.putArray("anyOf").addAll(ways);
        }
        return schema;
    }

    static String below(String at, String key) {
        return at.isEmpty() ? key : at + "." + key;
    }

    private static ObjectNode items(ObjectNode each) {
        ObjectNode list = JSON.createObjectNode().put("type", "array");
        list.set("items", each);
        return list;
    }

    private static JsonNode value(String text) {
        if (text.matches("-?[0-9]{1,9}")) {
            return JSON.getNodeFactory().numberNode(Integer.parseInt(text));
        }
        return List.of("true", "false").contains(text)
                ? JSON.getNodeFactory().booleanNode(Boolean.parseBoolean(text))
                : JSON.getNodeFactory().textNode(text);
    }

    // --- single values

    /** Wherever a single value may stand, it may be chosen by the host. */
    private ObjectNode reference(Shape shape) {
        String name = name(shape);
        shapes.computeIfAbsent(
                name,
                _ -> {
                    ObjectNode byHost = object();
                    ObjectNode choices = object().put("minProperties", 1);
                    choices.set("additionalProperties", single(shape));
                    byHost.putObject("properties").set("by-host", choices);
                    require(byHost, List.of("by-host"));
                    byHost.put("additionalProperties", false);
                    ObjectNode either = JSON.createObjectNode();
                    either.putArray("anyOf").add(single(shape)).add(byHost);
                    return either;
                });
        return JSON.createObjectNode().put("$ref", "#/$defs/" + name);
    }

    /** Distinct for what is distinct. */
    private static String name(Shape shape) {
        return switch (shape) {
            case Shape.Text _ -> "text";
            case Shape.Truth _ -> "true-or-false";
            case Shape.Percent _ -> "share";
            case Shape.Whole(int min, int max) -> "number-" + min + "-to-" + max;
            case Shape.Time(Duration min, Duration max) ->
                    "duration-" + Durations.text(min) + "-to-" + Durations.text(max);
            case Shape.Size(long min, long max) ->
                    "size-" + Sizes.text(min) + "-to-" + Sizes.text(max);
            case Shape.Choice(var words) ->
                    String.join("-or-", words).replaceAll("[^A-Za-z0-9.-]", "-");
            case Shape.Begins(var with) -> with.replaceAll("[:/]+", "-").replaceAll("^-$", "path");
            case Shape.Either(var each) ->
                    String.join("-or-", each.stream().map(SchemaText::name).toList());
        };
    }

    static ObjectNode single(Shape shape) {
        ObjectNode schema = JSON.createObjectNode();
        switch (shape) {
            case Shape.Text _ -> schema.putArray("type").add("string").add("number").add("boolean");
            case Shape.Truth _ -> schema.put("type", "boolean");
            case Shape.Percent _ ->
                    pattern(schema, "^([0-9]|[1-9][0-9]|100)%$", "a share such as 20%");
            case Shape.Whole(int min, int max) ->
                    schema.put("type", "integer").put("minimum", min).put("maximum", max);
            case Shape.Time _ ->
                    pattern(
                            schema,
                            "^[0-9]{1,12}(ms|s|m|h|d)$",
                            "a duration such as 100ms, 5s, 1m, 2h or 1d");
            case Shape.Size _ ->
                    pattern(schema, "^[0-9]{1,10}(B|KiB|MiB|GiB)$", "a size such as 16KiB or 1MiB");
            case Shape.Choice(var words) -> {
                ArrayNode choice = schema.putArray("enum");
                words.forEach(word -> choice.add(value(word)));
            }
            case Shape.Begins(var with) ->
                    pattern(schema, "^" + with + ".", "what begins with " + with);
            case Shape.Either(var each) -> {
                ArrayNode any = schema.putArray("anyOf");
                each.forEach(one -> any.add(single(one)));
            }
        }
        return schema;
    }

    /** The second keyword is one of editors: what they say where the first does not fit. */
    private static void pattern(ObjectNode schema, String pattern, String what) {
        schema.put("type", "string")
                .put("pattern", pattern)
                .put("patternErrorMessage", "must be " + what);
    }
}

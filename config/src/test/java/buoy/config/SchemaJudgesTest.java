package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the schema says of a file is what the readers say, as far as a schema can tell. */
class SchemaJudgesTest {
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Schema SCHEMA = REGISTRY.getSchema(ConfigSchema.text());

    /** What is said of mistakes that a schema sees: keys, types, bounds and words. */
    private static final Pattern SEEN =
            Pattern.compile(
                    "^(unknown key|is required$|must be -?[0-9]+\\.\\.[0-9]+, got -?[0-9]+|must be a mapping"
                            + "|must be a list|must be a single value|has no value \\("
                            + "|must be true or false|a duration needs|must be a duration"
                            + "|a size needs|must be a size|must be a whole number|is for (protocol|the protocols) .* alone \\(remove)"
                            + "|.* is not a unit of");

    /** Bounds of a name, and what only some values of another key ask for. */
    private static final Set<String> UNSEEN =
            Set.of(
                    "listeners.a.errors.200",
                    "listeners.a.errors.down",
                    "vrrp.web.track[3].weight",
                    "vrrp.web.track[4].below");

    static List<KnownKeys.Shown> right() throws IOException {
        return KnownKeys.right();
    }

    static List<MistakesTest.Case> mistakes() throws IOException {
        return MistakesTest.cases();
    }

    @Test
    void isASchema() throws IOException {
        Schema ofSchemas =
                REGISTRY.getSchema(
                        SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));

        assertThat(ofSchemas.validate(new ObjectMapper().readTree(ConfigSchema.text()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("right")
    void whatReadersTakeItTakes(KnownKeys.Shown shown) {
        assertThat(said(shown.text())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void itSeesTheMistakesThatASchemaCanSee(MistakesTest.Case mistake) {
        List<String> said = said(mistake.yaml());
        for (String line : mistake.said()) {
            Matcher problem = Pattern.compile("! [0-9]+:[0-9]+: ([^ ]+): (.*)").matcher(line);
            if (problem.matches()
                    && !UNSEEN.contains(problem.group(1))
                    && SEEN.matcher(problem.group(2)).find()) {
                assertThat(said).as(line).anyMatch(each -> isAbout(each, problem.group(1)));
            }
        }
    }

    /** A key that is missing or unknown is said of the section around it. */
    private static boolean isAbout(String said, String path) {
        String section = path.replaceAll("(\\.[^.]*|\\[[0-9]+])$", "");
        return plain(said).startsWith(plain(path))
                || said.startsWith(section + " ")
                || !path.contains(".");
    }

    /** A pointer does not tell items of a list from names that are numbers. */
    private static String plain(String path) {
        return path.replaceAll("\\[([0-9]+)]", ".$1");
    }

    @Test
    void boundsAndWordsAreThoseOfTheReader() throws IOException {
        KnownKeys known = KnownKeys.learn();
        int tried = 0;
        for (String at : known.sections()) {
            for (KnownKeys.Key key : known.keys(at)) {
                for (KnownKeys.Way way : key.ways()) {
                    Optional<Format<?>> format =
                            switch (way) {
                                case KnownKeys.Way.Single(var each) -> Optional.of(each);
                                case KnownKeys.Way.Items(var each) -> Optional.of(each);
                                default -> Optional.empty();
                            };
                    if (format.isPresent()) {
                        tried += tryOut(at + " " + key.name(), format.get().shape(), format.get());
                    }
                }
            }
        }
        assertThat(tried).isGreaterThan(100);
    }

    private static int tryOut(String what, Shape shape, Format<?> format) {
        Schema schema = REGISTRY.getSchema(SchemaText.single(shape));
        List<String> right = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        switch (shape) {
            case Shape.Whole(int min, int max) -> {
                right.addAll(List.of("" + min, "" + max));
                wrong.addAll(List.of("" + (min - 1), "" + (max + 1)));
            }
            case Shape.Time(Duration min, Duration max) -> {
                right.addAll(List.of(Durations.text(min), Durations.text(max)));
                // A pattern does not count, so what is beyond is for the reader alone.
                assertThat(format.parse(max.plusMillis(1).toMillis() + "ms"))
                        .as(what)
                        .isInstanceOf(Parsed.Wrong.class);
                wrong.addAll(List.of("1", "1x", "-1s"));
            }
            case Shape.Size(long min, long max) -> {
                right.addAll(List.of(Sizes.text(min), Sizes.text(max)));
                assertThat(format.parse((max + 1) + "B")).as(what).isInstanceOf(Parsed.Wrong.class);
                wrong.addAll(List.of("1", "1kB"));
            }
            case Shape.Percent _ -> {
                right.addAll(List.of("0%", "100%"));
                wrong.addAll(List.of("101%", "7"));
            }
            case Shape.Truth _ -> {
                right.addAll(List.of("true", "false"));
                wrong.addAll(List.of("yes", "1"));
            }
            case Shape.Choice(var words) -> {
                right.addAll(words);
                wrong.add("no-word-at-all");
            }
            case Shape.Either(var shapes) -> {
                int tried = 0;
                for (Shape each : shapes) {
                    boolean one = each instanceof Shape.Choice;
                    for (String word : one ? KnownKeys.words(each) : List.<String>of()) {
                        assertThat(format.parse(word)).as(what).isInstanceOf(Parsed.Ok.class);
                        tried++;
                    }
                }
                return tried;
            }
            case Shape.Text _, Shape.Begins _ -> {}
        }
        for (String text : right) {
            assertThat(format.parse(text)).as(what).isInstanceOf(Parsed.Ok.class);
            assertThat(schema.validate(scalar(text, true))).as(what).isEmpty();
        }
        for (String text : wrong) {
            assertThat(format.parse(text)).as(what).isInstanceOf(Parsed.Wrong.class);
            assertThat(schema.validate(scalar(text, true))).as(what).isNotEmpty();
        }
        return right.size() + wrong.size();
    }

    private static List<String> said(String yaml) {
        Optional<Tree> tree =
                Document.parse("buoy.yaml", yaml.getBytes(StandardCharsets.UTF_8), new Problems());
        return tree.map(
                        each ->
                                SCHEMA.validate(json(each)).stream()
                                        .map(
                                                error ->
                                                        path(error.getInstanceLocation().toString())
                                                                + " "
                                                                + error.getMessage())
                                        .toList())
                .orElse(List.of());
    }

    /** {@code /vrrp/web/track/0} as {@code vrrp.web.track[0]}. */
    private static String path(String pointer) {
        return pointer.replaceFirst("^/", "")
                .replaceAll("/([0-9]+)(?=/|$)", "[$1]")
                .replace("/", ".");
    }

    private static JsonNode json(Tree tree) {
        return switch (tree) {
            case Tree.Scalar(String text, boolean plain, Place _) -> scalar(text, plain);
            case Tree.Sequence(var items, Place _) -> {
                ArrayNode list = JsonNodeFactory.instance.arrayNode();
                items.forEach(item -> list.add(json(item)));
                yield list;
            }
            case Tree.Mapping(var entries, Place _) -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                entries.forEach((key, entry) -> object.set(key, json(entry.value())));
                yield object;
            }
            case Tree.Unknown _ -> JsonNodeFactory.instance.nullNode();
        };
    }

    /** What YAML's core schema makes of a plain scalar (YAML 1.2.2, 10.3.2). */
    private static JsonNode scalar(String text, boolean plain) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (!plain) {
            return json.textNode(text);
        }
        if (text.matches("null|Null|NULL|~|")) {
            return json.nullNode();
        }
        if (text.matches("true|True|TRUE|false|False|FALSE")) {
            return json.booleanNode(text.toLowerCase(java.util.Locale.ROOT).equals("true"));
        }
        if (text.matches("[-+]?[0-9]+")) {
            return json.numberNode(new java.math.BigInteger(text.replace("+", "")));
        }
        return text.matches("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?")
                ? json.numberNode(new java.math.BigDecimal(text))
                : json.textNode(text);
    }
}

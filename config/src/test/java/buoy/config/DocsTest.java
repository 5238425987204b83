package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation says about the configuration is so. */
class DocsTest {
    private static final Path ROOT = Path.of(System.getProperty("buoy.root"));
    private static final Pattern FENCE = Pattern.compile("(?ms)^```([^\\n]*)\\n(.*?)^```[ \\t]*$");

    /** Sections that a block may leave out although it names what stands in them. */
    private static final String POOLS =
            "pools: {app: {servers: [\"198.51.100.11:5000\", \"198.51.100.12:5000\"],"
                    + " health: {tcp: {}}}}\n";

    /** A fenced block: where it stands, what follows the fence, and its text. */
    record Block(String place, String kind, String text) {
        @Override
        public String toString() {
            return place;
        }
    }

    static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            Matcher matcher = FENCE.matcher(text);
            while (matcher.find()) {
                long line = text.substring(0, matcher.start()).lines().count() + 1;
                blocks.add(
                        new Block(
                                ROOT.relativize(page) + ":" + line,
                                matcher.group(1).strip(),
                                matcher.group(2)));
            }
        }
        return blocks;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(docs, Stream.of(ROOT.resolve("README.md")))
                    .filter(p -> p.toString().endsWith(".md") && Files.exists(p))
                    .sorted()
                    .toList();
        }
    }

    static List<Block> rightFiles() throws IOException {
        return blocks().stream().filter(b -> b.kind().equals("yaml")).toList();
    }

    @ParameterizedTest
    @MethodSource("rightFiles")
    void aYamlBlockIsAccepted(Block block, @TempDir Path directory) throws IOException {
        boolean complete = Pattern.compile("(?m)^pools:").matcher(block.text()).find();

        Path file = directory.resolve("buoy.yaml");
        Path users =
                Files.writeString(
                        directory.resolve("users"), "ann:$apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/");
        Path key =
                Files.writeString(
                        directory.resolve("peer.key"),
                        "n0t-a-real-secret-made-with-openssl-rand-base64");
        Files.writeString(
                file,
                block.text()
                                .replace("/etc/buoy/admin.users", users.toString())
                                .replace("/etc/buoy/peer.key", key.toString())
                        + (complete ? "" : POOLS));

        Reading reading = ConfigFile.read(file, "lb1");

        assertThat(Written.problems(reading)).isEmpty();
    }

    @Test
    void aYamlBlockThatIsWrongIsFollowedByWhatIsSaid() throws IOException {
        List<Block> blocks = blocks();
        int wrong = 0;
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).kind().equals("yaml wrong")) {
                wrong++;
                assertThat(Written.problems(Written.read(blocks.get(i).text())))
                        .as(blocks.get(i).place())
                        .containsExactlyElementsOf(blocks.get(i + 1).text().lines().toList());
            }
        }
        assertThat(wrong).isPositive();
    }

    @Test
    void everyKeyOfTheReferenceIsDocumented() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/configuration.md"));
        Tree reference = reference();
        List<String> missing = new ArrayList<>();
        for (String key : keys(reference, "")) {
            if (!Pattern.compile("(?m)[`{ ]" + Pattern.quote(key) + "([`:]|$)")
                    .matcher(page)
                    .find()) {
                missing.add(key);
            }
        }
        assertThat(missing).isEmpty();
    }

    private static Tree reference() throws IOException {
        try (var in = DocsTest.class.getResourceAsStream("/reference.yaml")) {
            assertThat(in).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Document.parse(
                            "reference.yaml", text.getBytes(StandardCharsets.UTF_8), new Problems())
                    .orElseThrow();
        }
    }

    /**
     * Keys that are words of ours: not names that operators give, nor what is within refused keys.
     */
    private static List<String> keys(Tree tree, String path) {
        List<String> keys = new ArrayList<>();
        switch (tree) {
            case Tree.Scalar _, Tree.Unknown _ -> {}
            case Tree.Sequence(List<Tree> items, _) ->
                    items.forEach(item -> keys.addAll(keys(item, path + "[]")));
            case Tree.Mapping(var entries, _) -> {
                boolean names =
                        path.matches("vrrp|certificates|listeners|pools|pools\\.NAME\\.servers");
                for (Tree.Entry e : entries.values()) {
                    String at = Section.join(path, names ? "NAME" : e.key());
                    if (!names) {
                        keys.add(e.key());
                    }
                    if (!WITHIN_REFUSED.matcher(at).find()) {
                        keys.addAll(keys(e.value(), at));
                    }
                }
            }
        }
        return keys;
    }

    private static final Pattern WITHIN_REFUSED =
            Pattern.compile(
                    "^stats\\.users|\\.(acme|client|tickets|compression|errors"
                            + "|respond|basic-auth|rewrite|split"
                            + "|query|routes\\[]\\.redirect)$"
                            + "|\\.match\\.headers|listeners\\.NAME\\.headers"
                            + "|pools\\.NAME\\.tls|limits\\.requests");
}

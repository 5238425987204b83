package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** The reference is the contract: each of its keys is obeyed. */
class ReferenceTest {
    private static String resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ReferenceTest.class.getResourceAsStream("/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Tree tree() throws IOException {
        Problems problems = new Problems();
        Tree tree =
                Document.parse(
                                "reference.yaml",
                                resource("reference.yaml").getBytes(StandardCharsets.UTF_8),
                                problems)
                        .orElseThrow();
        assertThat(problems.errors()).isEmpty();
        // Files that this machine has not got, and a hash that is no whole one.
        for (String key : List.of("include", "errors", "basic-auth", "users", "peer")) {
            tree = without(tree, key);
        }
        return tree;
    }

    private static Reading read(Tree tree) {
        Problems problems = new Problems();
        return ConfigFile.judge(java.util.Optional.of(tree), "lb1", problems);
    }

    @Test
    void everyKeyIsObeyed() throws IOException {
        Reading reading = read(tree());

        assertThat(Written.problems(reading)).isEmpty();
        Config config = ((Reading.Accepted) reading).config();
        assertThat(config.routers()).containsOnlyKeys("web");
        assertThat(config.certificates()).containsOnlyKeys("site", "bundle", "all", "auto");
        assertThat(config.listeners())
                .containsOnlyKeys("http", "https", "postgres", "postgres-read", "raw", "dns");
        assertThat(config.pools())
                .containsOnlyKeys("app", "canary", "pg-primary", "pg-replicas", "mqtt", "dns");
    }

    /** Without the entries whose key is so named. */
    private static Tree without(Tree tree, String name) {
        return switch (tree) {
            case Tree.Scalar _, Tree.Unknown _ -> tree;
            case Tree.Sequence(List<Tree> items, Place place) ->
                    new Tree.Sequence(
                            items.stream().map(item -> without(item, name)).toList(), place);
            case Tree.Mapping(var entries, Place place) -> {
                SequencedMap<String, Tree.Entry> others = new LinkedHashMap<>(entries);
                others.remove(name);
                others.replaceAll(
                        (key, e) -> new Tree.Entry(key, e.place(), without(e.value(), name)));
                yield new Tree.Mapping(others, place);
            }
        };
    }
}

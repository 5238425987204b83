package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The reference is the contract: each of its keys is obeyed, or refused by name. */
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
            tree = without(tree, Set.of(), key);
        }
        return tree;
    }

    private static Reading read(Tree tree) {
        Problems problems = new Problems();
        return ConfigFile.judge(java.util.Optional.of(tree), "lb1", problems);
    }

    @Test
    void whatIsRefusedIsNotAvailableAndNeverUnknown() throws IOException {
        Reading reading = read(tree());

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Rejected.class,
                        r ->
                                assertThat(r.problems())
                                        .allSatisfy(
                                                p ->
                                                        assertThat(p.message())
                                                                .contains(Problems.NOT_AVAILABLE)));
    }

    @Test
    void whatIsRefusedIsListed() throws IOException {
        List<String> listed =
                resource("not-available.txt")
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .toList();

        assertThat(read(tree()))
                .isInstanceOfSatisfying(
                        Reading.Rejected.class,
                        r ->
                                assertThat(r.problems().stream().map(Problem::path).distinct())
                                        .containsExactlyElementsOf(listed));
    }

    @Test
    void theRestIsAccepted() throws IOException {
        Tree rest = tree();
        // What is left of a route or a track item without its unavailable keys may be nothing that
        // makes sense; those items go as well, in a second round.
        for (int round = 0; round < 3; round++) {
            if (read(rest) instanceof Reading.Rejected(List<Problem> problems)) {
                Set<Place> places = new HashSet<>();
                problems.forEach(p -> places.add(new Place(p.file(), p.line(), p.column())));
                rest = without(rest, places, "");
            }
        }

        Reading reading = read(rest);

        assertThat(Written.problems(reading)).isEmpty();
        Config config = ((Reading.Accepted) reading).config();
        assertThat(config.routers()).containsOnlyKeys("web");
        assertThat(config.certificates()).containsOnlyKeys("site", "bundle", "all", "auto");
        assertThat(config.listeners())
                .containsOnlyKeys("http", "https", "postgres", "postgres-read", "raw", "dns");
        assertThat(config.pools())
                .containsOnlyKeys("app", "canary", "pg-primary", "pg-replicas", "mqtt", "dns");
    }

    /** Without the entries and items that stand at one of the places, or whose key is so named. */
    private static Tree without(Tree tree, Set<Place> places, String name) {
        return switch (tree) {
            case Tree.Scalar _, Tree.Unknown _ -> tree;
            case Tree.Sequence(List<Tree> items, Place place) ->
                    new Tree.Sequence(
                            items.stream()
                                    .filter(i -> !places.contains(i.place()))
                                    .map(i -> without(i, places, name))
                                    .toList(),
                            place);
            case Tree.Mapping(List<Tree.Entry> entries, Place place) -> {
                List<Tree.Entry> kept = new ArrayList<>();
                for (Tree.Entry e : entries) {
                    if (!e.key().equals(name)
                            && !places.contains(e.place())
                            && !places.contains(e.value().place())) {
                        kept.add(
                                new Tree.Entry(
                                        e.key(), e.place(), without(e.value(), places, name)));
                    }
                }
                yield new Tree.Mapping(kept, place);
            }
        };
    }
}

package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.KnownKeys.Way;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} tells of the keys that are read, of each, and of no other. */
class ReferencePageTest {
    @Test
    void tellsOfEveryKeyAndItsDefault() throws IOException {
        KnownKeys known = KnownKeys.learn();
        ReferencePage page = ReferencePage.read();
        List<String> wrong = new ArrayList<>();
        for (String at : known.sections()) {
            if (!known.kinds(at).isEmpty()) {
                continue; // of no kind: a mistake
            }
            for (KnownKeys.Key key : known.keys(at)) {
                if (key.name().equals("*")) {
                    continue;
                }
                String where = SchemaText.below(at, key.name());
                Optional<ReferencePage.Said> said = page.of(at, key.name());
                if (said.isEmpty()) {
                    wrong.add(where + " is not told of");
                } else if (key.otherwise().filter(value -> !value.isEmpty()).isPresent()
                        && !isDefault(said.get().otherwise(), key)) {
                    wrong.add(
                            "%s is by default %s, not %s"
                                    .formatted(
                                            where,
                                            key.otherwise().orElseThrow(),
                                            said.get().otherwise()));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static final Pattern BOUNDS =
            Pattern.compile("`?([0-9][0-9a-zA-Z]*)`? to `?([0-9][0-9a-zA-Z]*)`?");

    /**
     * Told in another way: 255 is not like the others, and a router tells of the weights of all.
     */
    private static final Set<String> OTHERWISE = Set.of("vrrp.*.priority");

    @Test
    void theBoundsItNamesAreThoseOfTheReaders() throws IOException {
        KnownKeys known = KnownKeys.learn();
        ReferencePage page = ReferencePage.read();
        List<String> wrong = new ArrayList<>();
        int named = 0;
        for (String at : known.sections()) {
            for (KnownKeys.Key key :
                    known.kinds(at).isEmpty() ? known.keys(at) : List.<KnownKeys.Key>of()) {
                String where = SchemaText.below(at, key.name());
                List<String> bounds =
                        key.ways().stream()
                                .map(Values::bounds)
                                .filter(each -> !each.isEmpty())
                                .toList();
                Optional<ReferencePage.Said> said = page.of(at, key.name());
                if (said.isEmpty() || bounds.isEmpty() || OTHERWISE.contains(where)) {
                    continue;
                }
                Matcher told = BOUNDS.matcher(said.get().meaning());
                if (told.find()) {
                    named++;
                    String these = told.group(1) + " to " + told.group(2);
                    if (bounds.stream().noneMatch(each -> each.contains(these))) {
                        wrong.add("%s is said to be %s, and is %s".formatted(where, these, bounds));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(named).isGreaterThan(15);
    }

    /** Written differently it may be: 60s is 1m. */
    private static boolean isDefault(Optional<String> said, KnownKeys.Key key) {
        String text = said.orElse("").replace("`", "");
        return key.ways().stream()
                .anyMatch(
                        way ->
                                way instanceof Way.Single(var format)
                                        && format.parse(text) instanceof Parsed.Ok<?>(var value)
                                        && KnownKeys.written(format, value)
                                                .equals(key.otherwise()));
    }

    @Test
    void hasNoRowWithoutAKey() throws IOException {
        KnownKeys known = KnownKeys.learn();
        ReferencePage page = ReferencePage.read();
        List<String> wrong = new ArrayList<>();
        for (String section : page.sections()) {
            Set<String> keys =
                    known.sections().stream()
                            .filter(
                                    at ->
                                            at.equals(section)
                                                    || at.replaceAll("\\{[^}]*}", "")
                                                            .equals(section))
                            .flatMap(at -> known.keys(at).stream())
                            .map(KnownKeys.Key::name)
                            .collect(Collectors.toSet());
            for (String row : page.rows(section)) {
                if (!keys.contains(row)) {
                    wrong.add(section + ": " + row);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}

package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The schema knows the keys that are read, and no others. */
class SchemaTest {
    private static final Path FILE =
            Path.of(
                    System.getProperty("buoy.root"),
                    "config/src/main/resources/buoy/config/buoy.schema.json");

    @Test
    void everySectionIsShownSomewhere() throws IOException {
        KnownKeys known = KnownKeys.learn();
        List<String> missing = new ArrayList<>();
        for (String at : known.sections()) {
            if (!known.kinds(at).isEmpty()) {
                continue; // of no kind: a mistake
            }
            for (KnownKeys.Key key : known.keys(at)) {
                String below = SchemaText.below(at, key.name());
                for (KnownKeys.Way way : key.ways()) {
                    String section =
                            switch (way) {
                                case KnownKeys.Way.Within _ -> below;
                                case KnownKeys.Way.Sections _ -> below + "[]";
                                default -> "";
                            };
                    if (!known.has(section) && known.kinds(section).isEmpty()) {
                        missing.add(section);
                    }
                }
                if (key.ways().isEmpty()) {
                    missing.add(below);
                }
            }
        }
        assertThat(missing)
                .as("no documentation, example or mistake has these, so what is in them is unknown")
                .isEmpty();
    }

    /** As sources have it: what a section is asked for. */
    private static final Pattern ASKED =
            Pattern.compile(
                    "(?:\\.(?:get|optional|required|list|requiredList|sections|within|optionally|named"
                            + "|each|isNull)\\(|Commands\\.read\\(\\w+,)\\s*\"([a-z-]+)\"");

    @Test
    void hasEveryKeyThatSourcesName() throws IOException {
        KnownKeys known = KnownKeys.learn();
        Set<String> keys =
                known.sections().stream()
                        .flatMap(at -> known.keys(at).stream())
                        .map(KnownKeys.Key::name)
                        .collect(Collectors.toSet());
        Set<String> named = new TreeSet<>();
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/buoy/config"))) {
            for (Path source : sources.filter(f -> f.toString().endsWith(".java")).toList()) {
                ASKED.matcher(Files.readString(source))
                        .results()
                        .forEach(m -> named.add(m.group(1)));
            }
        }
        assertThat(named).hasSizeGreaterThan(150);
        assertThat(keys).as("each is in a configuration that is shown").containsAll(named);
    }

    @Test
    void isWhatReadersAskFor() throws IOException {
        String schema = SchemaText.of(KnownKeys.learn(), ReferencePage.read());
        if (Boolean.getBoolean("buoy.write")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, schema);
        }
        assertThat(Files.readString(FILE))
                .as("%s is as it was made; make it anew with -Dbuoy.write=true", FILE)
                .isEqualTo(schema);
    }
}

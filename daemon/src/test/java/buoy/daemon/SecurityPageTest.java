package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/security.md says of the unit what stands in it. */
class SecurityPageTest {
    private static final Path ROOT = Path.of(System.getProperty("buoy.root"));

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/security.md"));
    }

    private static List<String> unit() throws IOException {
        return Files.readAllLines(ROOT.resolve("packaging/files/buoy.service"));
    }

    private static NavigableSet<String> all(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void namesEveryCapabilityOfTheUnitAndNoOther() throws IOException {
        String ambient =
                unit().stream()
                        .filter(line -> line.startsWith("AmbientCapabilities="))
                        .findFirst()
                        .orElseThrow();

        assertThat(all("(?<=^\\| `)CAP_[A-Z_]+(?=` \\|)", page()))
                .isEqualTo(all("CAP_[A-Z_]+", ambient));
    }

    @Test
    void whatItNamesOfTheSandboxIsInTheUnit() throws IOException {
        NavigableSet<String> named = all("(?<=`)[A-Z][A-Za-z]+=[a-zA-Z@_ 0-9-]+(?=`)", page());

        assertThat(named).hasSizeGreaterThan(10);
        assertThat(unit()).containsAll(named);
    }
}

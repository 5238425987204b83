package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.events.Events;
import buoy.daemon.log.EventKind;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/troubleshooting.md has every word, once, and no other. */
class TroubleshootingPageTest {
    private static final Path DOCS = Path.of(System.getProperty("buoy.root"), "docs");

    /** The words in the first column of all tables that begin with this title. */
    private static List<String> words(String title) throws IOException {
        String page = Files.readString(DOCS.resolve("troubleshooting.md"));
        return Pattern.compile("^\\| " + title + " \\|.*\\n(?:\\|.*\\n)+", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .flatMap(String::lines)
                .map(line -> line.split("\\|", 3)[1])
                .flatMap(cell -> Pattern.compile("`([^`]+)`").matcher(cell).results())
                .map(word -> word.group(1))
                .toList();
    }

    @Test
    void hasEveryReason() throws IOException {
        assertThat(words("reason"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Reason.values()).map(Reason::toString).toList());
    }

    @Test
    void hasEveryEvent() throws IOException {
        assertThat(words("event"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(
                                        Stream.of(Events.LOST),
                                        Arrays.stream(EventKind.values()).map(EventKind::word))
                                .toList());
    }

    /** As Markdown is shown: small letters and dashes for spaces, no other signs. */
    @Test
    void whatItLinksToIsThere() throws IOException {
        String page = Files.readString(DOCS.resolve("troubleshooting.md"));
        for (MatchResult link :
                Pattern.compile("\\]\\(([a-z]+\\.md)(?:#([a-z-]+))?\\)")
                        .matcher(page)
                        .results()
                        .toList()) {
            assertThat(DOCS.resolve(link.group(1))).exists();
            if (link.group(2) != null) {
                assertThat(Files.readString(DOCS.resolve(link.group(1))).lines())
                        .as(link.group())
                        .anyMatch(
                                line ->
                                        line.startsWith("#")
                                                && line.replaceFirst("^#+ ", "")
                                                        .toLowerCase(Locale.ROOT)
                                                        .replaceAll("[^a-z0-9 -]", "")
                                                        .replace(' ', '-')
                                                        .equals(link.group(2)));
            }
        }
    }
}

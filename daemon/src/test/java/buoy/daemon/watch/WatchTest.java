package buoy.daemon.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import buoy.daemon.Shown;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/**
 * {@code recorded.pcap} is what two hosts said to each other: keepalived 2.2.7 in versions 3 (VRID
 * 51, both families) and 2 (52, with a password), stopped and started again, then FRR 8.4.4 (5) and
 * one announcement of CARP.
 */
class WatchTest {
    private static final Path RECORDED = Path.of("src/test/resources/watch/recorded.pcap");

    private interface Show {
        void on(Watch watch) throws CaptureRefused;
    }

    private static String shown(Show show) throws CaptureRefused {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Capture capture = open(RECORDED.toString());
                PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
            show.on(new Watch(capture, "", out));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Capture open(String file) throws CaptureRefused {
        try {
            return Capture.of(file);
        } catch (CaptureRefused refused) {
            if (String.valueOf(refused.getMessage()).startsWith("libpcap")
                    && System.getenv("BUOY_NO_SKIPS") == null) {
                abort(refused.getMessage());
            }
            throw refused;
        }
    }

    @Test
    void theRecordingReadsAsExpected() throws Exception {
        assertThat(shown(watch -> watch.text(OptionalInt.empty())))
                .isEqualTo(
                        Files.readString(RECORDED.resolveSibling("recorded.txt"))
                                .replace("\r\n", "\n"));
    }

    /** The page leaves lines of the recording out. */
    @Test
    void thePageShowsWhatIsInTheRecording() throws Exception {
        assertThat(shown(watch -> watch.text(OptionalInt.empty())).lines())
                .containsSubsequence(
                        Shown.block("vrrp.md", "watch").text().lines().toArray(String[]::new));
    }

    @Test
    void noPasswordIsShown() throws Exception {
        assertThat(Files.readString(RECORDED, StandardCharsets.ISO_8859_1)).contains("secret");
        assertThat(shown(watch -> watch.text(OptionalInt.empty()))).doesNotContain("secret");
        assertThat(shown(watch -> watch.json(OptionalInt.empty()))).doesNotContain("secret");
    }

    @Test
    void theLinesAreAligned() throws Exception {
        List<String> lines =
                shown(watch -> watch.text(OptionalInt.empty()))
                        .lines()
                        .filter(line -> !line.startsWith(" ") && !line.contains(" packets,"))
                        .toList();
        int column = lines.getFirst().indexOf("CHECKSUM");
        assertThat(lines)
                .allSatisfy(
                        line ->
                                assertThat(line.substring(column - 1, column + 2))
                                        .matches(" (CH|ok|- )"));
    }

    @Test
    void everyLineOfJsonIsOneObject() throws Exception {
        List<String> whats = new ArrayList<>();
        for (String line : shown(watch -> watch.json(OptionalInt.empty())).lines().toList()) {
            whats.add(what(line));
        }
        assertThat(whats)
                .hasSize(156)
                .contains("vrrp", "carp", "gratuitous-arp", "neighbour-advertisement");
    }

    private static String what(String line) throws IOException {
        try (JsonParser in = new JsonFactory().createParser(line)) {
            String what = "";
            while (in.nextToken() != null) {
                if ("what".equals(in.currentName())) {
                    what = in.getText();
                }
            }
            return what;
        }
    }

    @Test
    void itEndsAfterTheNumberAskedFor() throws Exception {
        assertThat(shown(watch -> watch.json(OptionalInt.of(3))).lines()).hasSize(3);
    }

    @Test
    void whatIsNoCaptureIsRefusedInWords() {
        assertThatThrownBy(() -> open("src/test/resources/watch/recorded.txt"))
                .isInstanceOf(CaptureRefused.class)
                .hasMessageStartingWith("cannot read src/test/resources/watch/recorded.txt: ");
        assertThatThrownBy(() -> open("/nowhere.pcap"))
                .isInstanceOf(CaptureRefused.class)
                .hasMessageContaining("No such file");
        assertThatThrownBy(() -> Capture.on("nowhere.0"))
                .isInstanceOf(CaptureRefused.class)
                .hasMessageStartingWith("there is no interface nowhere.0 (there are: ")
                .hasMessageContaining("lo");
    }
}

package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.admin.Answer;
import buoy.daemon.status.Samples;
import buoy.daemon.status.StatusJson;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an answer of the running buoy comes to for a monitoring system. */
class StatusCheckTest {
    private static StatusCheck.Said status(String json) {
        return StatusCheck.of(Answer.json(200, json));
    }

    private static String findings(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        each ->
                                "{\"severity\":\"bad\",\"subject\":\"pool p%d\",\"text\":\"0 of 1 | x\\ny\"}"
                                        .formatted(each))
                .collect(Collectors.joining(",", "{\"health\":\"bad\",\"findings\":[", "]}"));
    }

    @Test
    void aStatusIsItsVerdictInALine() {
        assertThat(status(StatusJson.line(Samples.good())))
                .returns(ExitCode.WELL, StatusCheck.Said::code)
                .returns("GOOD all is well", StatusCheck.Said::line);
        StatusCheck.Said bad = status(StatusJson.line(Samples.broken()));
        assertThat(bad.code()).isEqualTo(ExitCode.BAD);
        assertThat(bad.line()).startsWith("BAD ").contains("; ");
    }

    @Test
    void theWordsAreThoseOfTheStatus() {
        assertThat(status("{\"health\":\"degraded\",\"findings\":[]}").code())
                .isEqualTo(ExitCode.DEGRADED);
        assertThat(status("{\"health\":\"splendid\"}").code()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(status("{}").code()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(status("<html>").code()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(StatusCheck.of(Answer.text(404, "404 there is nothing\n")).line())
                .isEqualTo("UNKNOWN what answers does not tell how it is (HTTP status 404)");
    }

    @Test
    void thePageShowsWhatIsSaid() throws IOException {
        String json =
                """
                {"health": "degraded", "findings": [{"severity": "degraded", "subject": "pool app",
                  "text": "1 of 2 servers up, not: app2 (Connection refused)"}]}
                """;
        Shown.block("monitoring.md", "check").is(status(json).line() + "\n");
    }

    @Test
    void whatHangsIsBad() {
        assertThat(StatusCheck.of(Answer.text(503, "worker 1 hangs\n")))
                .returns(ExitCode.BAD, StatusCheck.Said::code)
                .returns("BAD worker 1 hangs", StatusCheck.Said::line);
    }

    @Test
    void itIsOneLineWithoutABarAndNotTooLong() {
        assertThat(status(findings(2)).line())
                .isEqualTo("BAD pool p0: 0 of 1 / x y; pool p1: 0 of 1 / x y");
        assertThat(status(findings(11)).line())
                .contains("pool p7:")
                .doesNotContain("pool p8:")
                .endsWith("; and 3 more");
    }

    @Test
    void theNumbersAreThoseOfMonitoringPlugins() {
        assertThat(ExitCode.WELL.number).isEqualTo(0);
        assertThat(ExitCode.DEGRADED.number).isEqualTo(1);
        assertThat(ExitCode.BAD.number).isEqualTo(2);
        assertThat(ExitCode.UNKNOWN.number).isEqualTo(3);
    }
}

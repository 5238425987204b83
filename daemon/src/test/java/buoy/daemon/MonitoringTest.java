package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.status.Samples;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What packaging/ has for Prometheus and Grafana goes by metrics that there are. */
class MonitoringTest {
    private static final Path ROOT = Path.of(System.getProperty("buoy.root"));

    private static String file(String name) throws IOException {
        return Files.readString(ROOT.resolve(name));
    }

    private static NavigableSet<String> all(
            String pattern, String text, Function<MatchResult, String> what) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(what)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Names as they stand in samples: of a summary and a histogram also those of the parts. */
    private static NavigableSet<String> exposed() {
        NavigableSet<String> names = new TreeSet<>();
        for (String family :
                all("^# TYPE (.*)", Samples.metrics(Samples.good()), t -> t.group(1))) {
            String name = family.substring(0, family.indexOf(' '));
            names.add(name);
            switch (family.substring(name.length() + 1)) {
                case "summary" -> names.addAll(List.of(name + "_sum", name + "_count"));
                case "histogram" ->
                        names.addAll(List.of(name + "_bucket", name + "_sum", name + "_count"));
                default -> {}
            }
        }
        return names;
    }

    @Test
    void everyMetricOfTheAlertsExists() throws IOException {
        NavigableSet<String> named =
                all("buoy_\\w+", file("packaging/prometheus/alerts.yaml"), MatchResult::group);

        assertThat(named).hasSizeGreaterThan(15);
        assertThat(exposed()).containsAll(named);
    }

    @Test
    void everyMetricOfTheDashboardExists() throws IOException {
        NavigableSet<String> named =
                all("buoy_\\w+", file("packaging/grafana/buoy.json"), MatchResult::group);

        assertThat(named).hasSizeGreaterThan(40);
        assertThat(exposed()).containsAll(named);
    }

    @Test
    void everyAlertIsOnThePageAndTriedByATest() throws IOException {
        String alerts = file("packaging/prometheus/alerts.yaml");
        NavigableSet<String> there =
                all(
                        "- alert: (\\w+)(?:\\n(?!      - ).*)*?severity: (\\w+)",
                        alerts,
                        alert -> alert.group(1) + " " + alert.group(2));

        assertThat(there).hasSameSizeAs(all("- alert: \\w+", alerts, MatchResult::group));
        assertThat(
                        all(
                                "^\\| `(\\w+)` \\|.*\\| (\\w+) \\|$",
                                file("docs/monitoring.md"),
                                row -> row.group(1) + " " + row.group(2)))
                .isEqualTo(there);
        assertThat(
                        all(
                                "- name: (Buoy\\w+)",
                                file("packaging/prometheus/alerts-test.yaml"),
                                test -> test.group(1)))
                .isEqualTo(all("- alert: (\\w+)", alerts, alert -> alert.group(1)));
    }

    /** What is left out of the share of errors would silently count if its word changed. */
    @Test
    void everyReasonThatIsNoErrorIsAReason() throws IOException {
        NavigableSet<String> patterns =
                all(
                        "reason!~\"([^\"]+)\"",
                        file("packaging/prometheus/alerts.yaml"),
                        found -> found.group(1));

        assertThat(patterns).isNotEmpty();
        for (String pattern : patterns) {
            for (String word : pattern.split("\\|", -1)) {
                assertThat(Arrays.stream(Reason.values()).map(Reason::toString))
                        .as(word)
                        .anyMatch(reason -> reason.matches(word));
            }
        }
    }
}

package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own judge of packaging/prometheus and of what packaging/grafana asks it. */
@BesideOthers
@Needs({"promtool"})
class AlertsIT {
    private static final Path RULES = Tree.root().resolve("packaging/prometheus");

    @Test
    void theRulesAreRulesAndEachFiresWhenItShould() {
        String checked =
                Finished.of("promtool", "check", "rules", RULES.resolve("alerts.yaml").toString())
                        .orFail();
        assertThat(checked).contains("SUCCESS");
        assertThat(
                        Finished.of(
                                        "sh",
                                        "-c",
                                        "cd \"$1\" && promtool test rules alerts-test.yaml",
                                        "promtool",
                                        RULES.toString())
                                .orFail())
                .contains("SUCCESS");
    }

    @Test
    void theDashboardAsksWhatPrometheusUnderstands(@TempDir Path directory) throws IOException {
        String dashboard = Files.readString(Tree.root().resolve("packaging/grafana/buoy.json"));
        List<String> asked =
                Pattern.compile("\"expr\": (\"(?:[^\"\\\\]|\\\\.)*\")")
                        .matcher(dashboard)
                        .results()
                        .map(expr -> expr.group(1))
                        .toList();
        assertThat(asked).hasSizeGreaterThan(40);
        // JSON's strings are YAML's too.
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        for (int i = 0; i < asked.size(); i++) {
            rules.append("      - {record: 'panel:%d', expr: %s}\n".formatted(i, asked.get(i)));
        }
        Path file =
                Files.writeString(
                        directory.resolve("dashboard.yaml"),
                        rules.toString().replace("$__rate_interval", "1m"));

        assertThat(Finished.of("promtool", "check", "rules", file.toString()).orFail())
                .contains(asked.size() + " rules found");
    }
}

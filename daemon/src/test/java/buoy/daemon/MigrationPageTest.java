package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.imports.Imported;
import buoy.daemon.imports.Importer;
import buoy.daemon.imports.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What docs/migration.md says comes of its files is what comes of them. */
class MigrationPageTest {
    private static final String PAGE = "migration.md";

    @Test
    void theExampleIsImportedAsItIsShown() throws Exception {
        String one = Shown.block("migration.md", "lb1/keepalived.conf").text();
        String two = one.replace("MASTER", "BACKUP").replace("priority 101", "priority 100");
        assertThat(two).isNotEqualTo(one);

        Imported imported =
                Importer.run(
                        List.of(
                                new Source("lb1/keepalived.conf", one),
                                new Source("lb2/keepalived.conf", two),
                                new Source(
                                        "haproxy.cfg",
                                        Shown.block("migration.md", "haproxy.cfg").text())),
                        Optional.empty(),
                        new FakeSurroundings(Map.of()));

        String remarks =
                imported.remarks().stream()
                        .map(Object::toString)
                        .collect(Collectors.joining("\n", "", "\n"));
        assertThat(imported.yaml())
                .isEqualTo(
                        Shown.all().stream()
                                .filter(block -> block.place().startsWith(PAGE))
                                .filter(block -> block.kind().equals("yaml"))
                                .findFirst()
                                .orElseThrow()
                                .text());
        assertThat(remarks)
                .isEqualTo(
                        Shown.below(
                                PAGE,
                                "buoy import lb1/keepalived.conf lb2/keepalived.conf haproxy.cfg >buoy.yaml"));
        assertThat(imported.whole()).isTrue();
    }
}

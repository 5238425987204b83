package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.imports.Imported;
import buoy.daemon.imports.Importer;
import buoy.daemon.imports.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What docs/migration.md says comes of its files is what comes of them. */
class MigrationPageTest {
    private static final Path PAGE =
            Path.of(System.getProperty("buoy.root"), "docs", "migration.md");

    /** The block that is called so. */
    private static String block(String name) throws IOException {
        Matcher block =
                Pattern.compile("(?ms)^```" + Pattern.quote(name) + "\\n(.*?)^```$")
                        .matcher(Files.readString(PAGE));
        assertThat(block.find()).as(name).isTrue();
        return block.group(1);
    }

    @Test
    void theExampleIsImportedAsItIsShown() throws Exception {
        String one = block("text lb1/keepalived.conf");
        String two = one.replace("MASTER", "BACKUP").replace("priority 101", "priority 100");
        assertThat(two).isNotEqualTo(one);

        Imported imported =
                Importer.run(
                        List.of(
                                new Source("lb1/keepalived.conf", one),
                                new Source("lb2/keepalived.conf", two),
                                new Source("haproxy.cfg", block("text haproxy.cfg"))),
                        Optional.empty(),
                        new FakeSurroundings(Map.of()));

        String remarks =
                imported.remarks().stream()
                        .map(Object::toString)
                        .collect(Collectors.joining("\n", "", "\n"));
        assertThat(imported.yaml() + remarks).isEqualTo(block("yaml") + block("text remarks"));
        assertThat(imported.whole()).isTrue();
    }
}

package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.ConfigFile;
import buoy.config.Reading;
import buoy.daemon.imports.Imported;
import buoy.daemon.imports.Importer;
import buoy.daemon.imports.Language;
import buoy.daemon.imports.Source;
import buoy.daemon.imports.draft.Unparsable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Whatever stands in a keepalived.conf: it is imported or refused with its place, and what comes
 * out is accepted on every host that it names.
 */
class ImportedKeepalivedBytesTest {
    private static final Path FILES = Path.of("src/test/resources/imports/keepalived");
    private static final int RUNS = 400;

    /** Words that mean something somewhere, and some that do nowhere. */
    private static final List<String> WORDS =
            List.of(
                    "{",
                    "}",
                    "{}",
                    "${",
                    "${NUM}",
                    "$NUM",
                    "$VIP",
                    "$X=$X$X",
                    "${X}",
                    "\\",
                    "\"",
                    "'",
                    "!",
                    "#",
                    "@",
                    "@^",
                    "@lb1",
                    "@^lb1",
                    "@default",
                    "@x.y",
                    "~SEQ(A,1,9)",
                    "include",
                    "*",
                    "/etc/x",
                    "-1",
                    "0",
                    "255",
                    "256",
                    "4096",
                    "0.001",
                    "1e9",
                    ".",
                    "99999999999999999999",
                    "198.51.100.1",
                    "198.51.100.1/33",
                    "0.0.0.0/0",
                    "::1",
                    "::/0",
                    "fe80::1%eth0",
                    "224.0.0.1",
                    "default",
                    "dev",
                    "via",
                    "table",
                    "src",
                    "weight",
                    "reverse",
                    "MASTER",
                    "AH",
                    "eth0",
                    "eth0:1",
                    "averyverylongnameoflink",
                    "\u00e9",
                    "\u0000",
                    "global_defs",
                    "vrrp_instance",
                    "vrrp_sync_group",
                    "group",
                    "virtual_ipaddress",
                    "priority",
                    "notify",
                    "track_script",
                    "authentication",
                    "auth_pass",
                    "virtual_server",
                    "real_server",
                    "TCP_CHECK",
                    "HTTP_GET",
                    "80",
                    "lb_algo",
                    "persistence_timeout",
                    "unicast_peer",
                    "min_ttl",
                    "version",
                    "2",
                    "3");

    @Test
    void changedFilesAreAcceptedOrRefusedWithTheirPlace() throws IOException {
        for (String name : List.of("lb1/keepalived.conf", "template.conf", "ipvs.conf")) {
            List<String> lines = Files.readAllLines(FILES.resolve(name));
            for (int seed = 0; seed < RUNS; seed++) {
                Random random = new Random(seed);
                judge(seed, String.join("\n", changed(lines, random)));
                // Two hosts, one of which somebody has worked on.
                judge(seed, String.join("\n", changed(lines, random)), String.join("\n", lines));
            }
        }
    }

    @Test
    void anyBytesAreAcceptedOrRefusedWithTheirPlace() {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(300); i > 0; i--) {
                text.append((char) (random.nextInt(4) == 0 ? '\n' : random.nextInt(256)));
            }
            judge(seed, text.toString());
            judge(seed, "vrrp_instance a {\n" + text + "\n}");
        }
    }

    /** Lines left out, doubled and moved; words of them replaced. */
    private static List<String> changed(List<String> lines, Random random) {
        List<String> changed = new ArrayList<>(lines);
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            int at = random.nextInt(changed.size());
            switch (random.nextInt(5)) {
                case 0 -> changed.remove(at);
                case 1 -> changed.add(random.nextInt(changed.size()), changed.get(at));
                case 2 -> changed.add(at, "@lb1 " + changed.get(at).strip());
                default -> {
                    String[] words = changed.get(at).split(" ", -1);
                    words[random.nextInt(words.length)] = WORDS.get(random.nextInt(WORDS.size()));
                    changed.set(at, String.join(" ", words));
                }
            }
        }
        return changed;
    }

    private static void judge(int seed, String... texts) {
        List<Source> sources = new ArrayList<>();
        for (String text : texts) {
            sources.add(new Source("k-%d.conf".formatted(sources.size() + 1), text));
        }
        try {
            Imported imported =
                    Importer.run(
                            sources,
                            Optional.of(Language.KEEPALIVED),
                            new FakeSurroundings(Map.of()));
            Matcher host =
                    Pattern.compile("by-host:\\s*\\{?\\s*\"?([A-Za-z0-9-]+)")
                            .matcher(imported.yaml());
            Reading reading =
                    ConfigFile.judge(
                            "buoy.yaml", imported.yaml(), host.find() ? host.group(1) : "here");
            assertThat(reading)
                    .as("seed %d: %s", seed, imported.yaml())
                    .isInstanceOf(Reading.Accepted.class);
            assertThat(imported.remarks())
                    .allMatch(each -> each.toString().matches("k-[12]\\.conf:[0-9]+: [^\n]+"));
        } catch (Unparsable e) {
            assertThat(e.getMessage()).matches("(?s)k-[12]\\.conf:[0-9]+:[0-9]+: .+");
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + " of:\n" + String.join("\n---\n", texts), e);
        }
    }
}

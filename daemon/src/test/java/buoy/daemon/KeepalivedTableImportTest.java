package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/vrrp.md says of keepalived's options is what the import does with them. */
class KeepalivedTableImportTest {
    private static final Path PAGE = Path.of(System.getProperty("buoy.root"), "docs/vrrp.md");

    /** A file in which a row's options stand at {@code %s}, by the heading of its table. */
    private static final Map<String, String> FILES =
            Map.of(
                    "vrrp_instance",
                    instance("%s"),
                    "vrrp_sync_group",
                    "vrrp_sync_group g {\ngroup {\nweb\n}\n%s\n}\n" + instance(""),
                    "vrrp_script",
                    "vrrp_script s {\nscript /bin/x\n%s\n}\n" + instance("track_script {\ns\n}"),
                    "track_file",
                    "vrrp_track_file f {\nfile /run/f\n%s\n}\n" + instance("track_file {\nf\n}"),
                    "vrrp_track_process",
                    "vrrp_track_process p {\nprocess postgres\n%s\n}\n"
                            + instance("track_process {\np\n}"),
                    "global_defs",
                    "global_defs {\n%s\n}\n"
                            + "vrrp_script s {\nscript /bin/x\n}\n"
                            + instance("track_script {\ns\n}"),
                    "Other blocks",
                    "%s\n" + instance(""));

    /** Options that say something only with more than a 1 behind them. */
    private static final Map<String, String> SAMPLES =
            Map.ofEntries(
                    Map.entry("interface", "interface eth1"),
                    Map.entry("track_interface", "track_interface {\neth5\n}"),
                    Map.entry("track_script", "track_script {\nt\n}"),
                    Map.entry("track_file", "track_file {\nt\n}"),
                    Map.entry("track_process", "track_process {\nt\n}"),
                    Map.entry(
                            "unicast_src_ip",
                            "unicast_src_ip 198.51.100.1\nunicast_peer {\n198.51.100.2\n}"),
                    Map.entry("unicast_peer", "unicast_peer {\n198.51.100.2\n}"),
                    Map.entry("unicast_ttl", "unicast_ttl 64\nunicast_peer {\n198.51.100.2\n}"),
                    Map.entry("mcast_src_ip", "mcast_src_ip 198.51.100.1"),
                    Map.entry("version", "version 2"),
                    Map.entry("vrrp_version", "vrrp_version 2"),
                    Map.entry(
                            "authentication",
                            "authentication {\nauth_type PASS\nauth_pass secret\n}"),
                    Map.entry("auth_type", ""),
                    Map.entry("auth_pass", ""),
                    Map.entry("garp_master_delay", "garp_master_delay 6"),
                    Map.entry("garp_master_repeat", "garp_master_repeat 3"),
                    Map.entry("virtual_ipaddress", ""),
                    Map.entry(
                            "virtual_ipaddress_excluded",
                            "virtual_ipaddress_excluded {\n198.51.100.120/24\n}"),
                    Map.entry("virtual_routes", "virtual_routes {\ndefault via 198.51.100.254\n}"),
                    Map.entry("virtual_rules", "virtual_rules {\nfrom 198.51.100.0/24 table 7\n}"),
                    Map.entry("group", "group {\nweb\n}"),
                    Map.entry("script", ""),
                    Map.entry("file", ""),
                    Map.entry("process", ""),
                    Map.entry("user", "user nobody"),
                    Map.entry("script_user", "script_user nobody"),
                    Map.entry("weight", "weight -7"),
                    Map.entry("vrrp_startup_delay", "vrrp_startup_delay 3"),
                    Map.entry(
                            "virtual_server",
                            "virtual_server 198.51.100.100 80 {\nreal_server 198.51.100.11 80 {\nTCP_CHECK {\n}\n}\n}"),
                    Map.entry("include", "include /nowhere/*.conf"),
                    Map.entry("@host", "@here linkbeat_use_polling"),
                    Map.entry("smtp_alert", "smtp_alert on"),
                    Map.entry("notify", "notify /etc/notify"),
                    Map.entry("notify_master", "notify_master /etc/notify"),
                    Map.entry("notify_backup", "notify_backup /etc/notify"),
                    Map.entry("notify_fault", "notify_fault /etc/notify"),
                    Map.entry("notify_stop", "notify_stop /etc/notify"));

    private static final String TRACKED =
            """
            vrrp_script t {
            script /bin/true
            }
            vrrp_track_file t {
            file /run/t
            }
            vrrp_track_process t {
            process t
            }
            """;

    /** What is so without being written. */
    private static final Set<String> UNWRITTEN = Set.of("process", "log", "include", "by-host");

    private record Line(String table, List<String> options, String here) {
        String file(String lines) {
            return TRACKED + Objects.requireNonNull(FILES.get(table), table).formatted(lines);
        }

        /** The key that the table names first. */
        Optional<String> key() {
            Matcher code = Pattern.compile("`([a-z.-]+)").matcher(here);
            return code.lookingAt()
                    ? Optional.of(code.group(1).replaceFirst(":?$", ""))
                    : Optional.empty();
        }
    }

    private static String instance(String lines) {
        return """
            vrrp_instance web {
            interface eth0
            virtual_router_id 51
            virtual_ipaddress {
            198.51.100.100/24
            }
            %s
            }
            """
                .formatted(lines);
    }

    @Test
    void everyOptionIsCarriedOverOrKnown() throws Exception {
        List<Line> lines = lines();
        assertThat(lines).hasSizeGreaterThan(100);
        for (Line line : lines) {
            for (String option : line.options()) {
                Imported imported = imported(line.file(sample(option)));
                assertThat(imported.remarks())
                        .as("%s in %s", option, line.table())
                        .noneMatch(remark -> remark.text().contains("no keyword that is known"));
            }
        }
    }

    @Test
    void whatTheTableGivesAKeyIsCarriedOverToIt() throws Exception {
        int carried = 0;
        for (Line line : lines()) {
            String key = line.key().orElse("");
            String root = key.replaceFirst("\\..*", "");
            if (key.isEmpty() || UNWRITTEN.contains(root)) {
                continue;
            }
            String samples =
                    String.join("\n", line.options().stream().map(o -> sample(o)).toList());
            String yaml = imported(line.file(samples)).yaml();
            String last = key.substring(key.lastIndexOf('.') + 1);
            assertThat(yaml)
                    .as("%s in %s: %s", line.options(), line.table(), line.here())
                    .containsPattern("\\b" + last + ":");
            carried++;
        }
        assertThat(carried).isGreaterThan(40);
    }

    /** An option that is known nowhere is said to be so, or the first test could not fail. */
    @Test
    void anOptionThatIsNotKnownIsSaid() throws Exception {
        for (String table : FILES.keySet()) {
            Imported imported =
                    imported(new Line(table, List.of(), "").file("frobnicate everything"));
            assertThat(imported.whole()).as(table).isFalse();
        }
    }

    private static String sample(String option) {
        return SAMPLES.getOrDefault(option, option + " 1");
    }

    private static Imported imported(String text) throws Unparsable {
        return Importer.run(
                List.of(new Source("keepalived.conf", text)),
                Optional.of(Language.KEEPALIVED),
                new FakeSurroundings(Map.of()));
    }

    private static List<Line> lines() throws IOException {
        String page = Files.readString(PAGE);
        String part =
                page.substring(
                        page.indexOf("\n## keepalived option -> here"),
                        page.indexOf("\n## Moving over from keepalived"));
        List<Line> lines = new ArrayList<>();
        String table = "";
        for (String row : part.split("\n", -1)) {
            if (row.startsWith("### ")) {
                String heading = row.substring(4);
                table =
                        FILES.keySet().stream()
                                .filter(heading::startsWith)
                                .findFirst()
                                .orElseThrow(() -> new AssertionError(heading));
            } else if (row.startsWith("| `")) {
                String[] cells = row.split(" \\| ", 2);
                List<String> options =
                        codes(cells[0]).map(code -> code.replaceFirst(" .*", "")).toList();
                lines.add(new Line(table, options, cells[1]));
            }
        }
        return lines;
    }

    private static Stream<String> codes(String cell) {
        return Pattern.compile("`([^`]+)`")
                .matcher(cell)
                .results()
                .map(KeepalivedTableImportTest::code);
    }

    private static String code(MatchResult match) {
        return match.group(1);
    }
}

package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.ConfigSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    private static final String TEN_MISTAKES =
            """
            log: {level: loud}
            stats: {bind: 127.0.0.1}
            colour: red
            vrrp:
              web: {interface: eth0, router-id: 300, advertise: 7ms, addresses: [198.51.100.100/24]}
            listeners:
              web: {bind: ["127.0.0.1:8080"], protocol: http, routes: [{pool: ap}]}
              raw: {bind: ["127.0.0.1:99999"], protocol: tcp, pool: app}
            pools:
              app:
                balance: fair
                servers: {a1: "127.0.0.1:5000"}
                health: {tcp: {}, every: 2, fall: 0}
            """;

    @TempDir Path directory;
    private final Operator operator = new Operator();

    private List<String> errLines() {
        return operator.err().lines().toList();
    }

    @Test
    void versionAgreesWithTheBuild() throws IOException {
        assertThat(operator.says("version")).isEqualTo(ExitCode.DONE);
        String pom = Files.readString(Path.of(System.getProperty("buoy.root"), "pom.xml"));
        assertThat(pom).contains("<version>" + Version.NUMBER + "</version>\n  <packaging>");
        assertThat(operator.out()).startsWith("buoy " + Version.NUMBER);
    }

    @Test
    void schemaIsThatOfTheConfiguration() {
        assertThat(operator.says("schema")).isEqualTo(ExitCode.DONE);
        assertThat(operator.out()).isEqualTo(ConfigSchema.text());
        assertThat(ConfigSchema.text()).contains("json-schema.org/draft/2020-12", "\"pools\"");
    }

    @Test
    void badUsageIsExitTwoWithTheUsage() {
        assertThat(operator.says("frobnicate")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(operator.says("run", "--frobnicate")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(operator.says()).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(operator.says("router")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(operator.says("router", "resign")).as("whom?").isEqualTo(ExitCode.BAD_USAGE);
        assertThat(operator.says("pool")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(operator.says("pool", "pause")).as("which?").isEqualTo(ExitCode.BAD_USAGE);
        assertThat(operator.says("server")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(operator.says("server", "weight", "app/a1"))
                .as("what?")
                .isEqualTo(ExitCode.BAD_USAGE);
        assertThat(operator.says("server", "weight", "much", "app/a1"))
                .isEqualTo(ExitCode.BAD_USAGE);
        assertThat(errLines()).anyMatch(line -> line.startsWith("Usage: buoy"));
    }

    @Test
    void aSlipOfTheFingersIsAnsweredWithWhatMayBeMeant() {
        assertThat(operator.says("stauts")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(errLines())
                .anyMatch(
                        line -> line.startsWith("Did you mean: ") && line.contains("buoy status"));
        assertThat(operator.says("status", "--jsno")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(errLines())
                .anyMatch(
                        line -> line.startsWith("Possible solutions: ") && line.contains("--json"))
                .noneMatch(line -> line.startsWith("Usage:"));
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : CommandLineSpec.create().subcommands().keySet()) {
            assertThat(operator.says(command, "--help")).as(command).isEqualTo(ExitCode.DONE);
        }
        assertThat(operator.says("router", "resign", "--help")).isEqualTo(ExitCode.DONE);
        assertThat(operator.says("router", "resume", "--help")).isEqualTo(ExitCode.DONE);
        assertThat(operator.says("pool", "pause", "--help")).isEqualTo(ExitCode.DONE);
        assertThat(operator.says("pool", "resume", "--help")).isEqualTo(ExitCode.DONE);
        for (String verb : List.of("drain", "ready", "maintenance", "weight")) {
            assertThat(operator.says("server", verb, "--help")).as(verb).isEqualTo(ExitCode.DONE);
        }
    }

    @Test
    void aGoodConfigurationIsExitZero() throws IOException {
        try (Site site = new Site(directory)) {
            assertThat(operator.says("check", "-c", site.config.toString()))
                    .isEqualTo(ExitCode.DONE);
            assertThat(errLines()).isEmpty();
        }
    }

    @Test
    void tenMistakesAreTenLinesAndExitThreeForCheckAndForRun() throws IOException {
        Path config = Files.writeString(directory.resolve("bad.yaml"), TEN_MISTAKES);
        for (String command : List.of("check", "run")) {
            assertThat(operator.says(command, "-c", config.toString()))
                    .isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(errLines())
                    .hasSize(10)
                    .allMatch(line -> line.matches("\\Q" + config + "\\E:\\d+:\\d+: .+: .+"));
            assertThat(operator.out()).isEmpty();
        }
    }

    @Test
    void aCertificateThatIsMissingIsABadConfiguration() throws IOException {
        try (Site site = new Site(directory)) {
            String text = Files.readString(site.config);
            Files.writeString(
                    site.config,
                    text.replace("protocol: http", "protocol: http, tls: {certificates: [site]}")
                            + "certificates:\n  site: {chain: %1$s/no.crt, key: %1$s/no.key}\n"
                                    .formatted(directory));
            assertThat(operator.says("check", "-c", site.config.toString()))
                    .isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(errLines())
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith(site.config + ":"))
                    .anyMatch(line -> line.contains("certificates.site.chain"));
        }
    }

    @Test
    void aFileThatIsNotThereIsABadConfiguration() {
        assertThat(operator.says("check", "-c", directory.resolve("none.yaml").toString()))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(errLines())
                .singleElement()
                .asString()
                .contains("none.yaml:1:1: file: cannot be read");
    }

    @Test
    void nobodyRunningIsBadForACheck() {
        String socket = directory.resolve("none.sock").toString();
        assertThat(operator.says("status", "--check", "--socket", socket)).isEqualTo(ExitCode.BAD);
        assertThat(operator.out().lines())
                .singleElement()
                .asString()
                .startsWith("BAD no buoy answers at " + socket);
        assertThat(errLines()).isEmpty();
        assertThat(operator.says("status", "--check", "--watch", "--socket", socket))
                .isEqualTo(ExitCode.BAD_USAGE);
    }

    @Test
    void nobodyRunningIsExitOne() {
        for (String command : List.of("status", "reload", "stop")) {
            assertThat(
                            operator.says(
                                    command, "--socket", directory.resolve("none.sock").toString()))
                    .as(command)
                    .isEqualTo(ExitCode.REFUSED);
            assertThat(errLines()).singleElement().asString().startsWith("buoy: no buoy answers");
        }
    }
}

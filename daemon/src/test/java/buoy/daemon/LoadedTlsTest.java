package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that pools name for TLS are read before anything starts. */
class LoadedTlsTest {
    @TempDir private Path directory;

    private LoadedConfig.Outcome read(String tls, String checks) throws IOException {
        Path file = directory.resolve("buoy.yaml");
        Files.writeString(
                file,
                """
                pools:
                  pg:
                    servers: {a: "198.51.100.21:5432"}
                    health: {patroni: {role: primary, tls: {verify: %2$s}}}
                    tls: {%1$s}
                """
                        .formatted(tls, checks));
        return LoadedConfig.read(file, Instant.now());
    }

    @Test
    void whatIsMissingIsSaidWhereItIsNamed() throws IOException {
        assertThat(read("ca: /nonexistent/pg.crt", "true, ca: /nonexistent/api.crt"))
                .isInstanceOfSatisfying(
                        LoadedConfig.Outcome.Bad.class,
                        bad ->
                                assertThat(bad.problems())
                                        .extracting(Problem::toString)
                                        .hasSize(2)
                                        .anyMatch(
                                                line ->
                                                        line.contains(
                                                                "pools.pg.tls.ca: /nonexistent/pg.crt: there is no such file"))
                                        .anyMatch(
                                                line ->
                                                        line.contains(
                                                                "pools.pg.health.patroni.tls.ca: /nonexistent/api.crt: there is no such file")));
    }

    @Test
    void workAndChecksHaveTheirOwn() throws IOException {
        assertThat(read("verify: false", "false"))
                .isInstanceOfSatisfying(
                        LoadedConfig.Outcome.Good.class,
                        good ->
                                assertThat(good.loaded().tls().pools().get("pg"))
                                        .satisfies(
                                                pg -> {
                                                    assertThat(pg.work()).isPresent();
                                                    assertThat(pg.checks()).isPresent();
                                                    assertThat(pg.checks()).isNotEqualTo(pg.work());
                                                }));
    }
}

package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that change under a running process. */
class CertificateRunTest {
    @TempDir Path directory;

    @Test
    void aRenewedFileIsServedWithoutAReloadAndABrokenOneIsNot() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        Path sites = Files.createDirectory(directory.resolve("sites"));
        make("old");
        make("new");
        put("old.crt", sites.resolve("site.crt"));
        put("old.key", sites.resolve("site.key"));
        try (Site site = new Site(directory)) {
            int port = Site.freePort();
            Files.writeString(
                    site.config,
                    Files.readString(site.config)
                                    .replace(
                                            "listeners:\n",
                                            """
                                            listeners:
                                              secure:
                                                bind: ["127.0.0.1:%d"]
                                                protocol: http
                                                tls: {certificates: [all]}
                                                pool: app
                                            """
                                                    .formatted(port))
                            + "certificates: {all: {directory: %s}}\n".formatted(sites));
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(subject(port)).isEqualTo("subject=CN = old");
                assertThat(explained(site, "https://SITE.example.:" + port + "/"))
                        .contains("certificate  all/site (site.example), until ")
                        .contains("X-Forwarded-Proto: https")
                        .contains(" may take it");

                put("new.crt", sites.resolve("site.crt"));
                Child.await("the log of the mismatch", () -> buoy.out().contains("not replaced"));
                assertThat(subject(port)).isEqualTo("subject=CN = old");

                put("new.key", sites.resolve("site.key"));
                Child.await("the new certificate", () -> subject(port).equals("subject=CN = new"));

                assertThat(Child.get(site.stats, "/metrics").body())
                        .contains("certificate=\"all/site\"");
                assertThat(Child.get(site.stats, "/api/v1/status").body())
                        .contains("\"name\" : \"all/site\"");
                buoy.signal("TERM");
                assertThat(buoy.exitCode()).isZero();
            }
        }
    }

    private static String explained(Site site, String url) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        ExitCode code =
                new Main(print, print, Map.of())
                        .execute(System.nanoTime(), "explain", "-c", site.config.toString(), url);
        assertThat(code).isEqualTo(ExitCode.DONE);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void make(String name) throws IOException, InterruptedException {
        shell(
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90"
                        + " -keyout %1$s.key -out %1$s.crt -subj /CN=%1$s -addext subjectAltName=DNS:site.example"
                                .formatted(name));
    }

    private void put(String from, Path to) throws IOException {
        Path next = directory.resolve(".next");
        Files.copy(directory.resolve(from), next);
        Files.move(next, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private String subject(int port) {
        try {
            return shell(
                            "openssl s_client -connect 127.0.0.1:%d </dev/null 2>/dev/null | grep ^subject="
                                    .formatted(port))
                    .strip();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String shell(String script) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("timeout", "20", "sh", "-c", script)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}

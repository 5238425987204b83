package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
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
            site.add(
                    "listeners",
                    """
                    secure:
                      bind: ["127.0.0.1:%d"]
                      protocol: http
                      tls: {certificates: [all]}
                      routes:
                        - {match: {path: /held}, respond: {status: 200, body: "here"}}
                        - {pool: app}
                    """
                            .formatted(port));
            Files.writeString(
                    site.config,
                    "certificates: {all: {directory: %s}}\n".formatted(sites),
                    StandardOpenOption.APPEND);
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(subject(port)).isEqualTo("subject=CN = old");
                assertThat(explained(site, "https://SITE.example.:" + port + "/"))
                        .contains("certificate  all/site (site.example), until ")
                        .contains("X-Forwarded-Proto: https")
                        .contains(" may take it");
                List<HttpClient> clients =
                        List.of(
                                client(HttpClient.Version.HTTP_1_1),
                                client(HttpClient.Version.HTTP_2));
                for (HttpClient client : clients) {
                    assertThat(shown(client, port)).isEqualTo("CN=old");
                }

                put("new.crt", sites.resolve("site.crt"));
                Child.await("the log of the mismatch", () -> buoy.out().contains("not replaced"));
                assertThat(subject(port)).isEqualTo("subject=CN = old");

                put("new.key", sites.resolve("site.key"));
                long start = System.nanoTime();
                Child.await("the new certificate", () -> subject(port).equals("subject=CN = new"));
                // Some 0.5 s; two are promised, and a busy machine has its time.
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isLessThan(Duration.ofSeconds(10));
                // Their connections were not cut: they still see what theirs began with.
                for (HttpClient client : clients) {
                    assertThat(shown(client, port)).isEqualTo("CN=old");
                }
                assertThat(shown(client(HttpClient.Version.HTTP_2), port)).isEqualTo("CN=new");

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
        Operator operator = new Operator();
        assertThat(operator.says("explain", "-c", site.config.toString(), url))
                .isEqualTo(ExitCode.DONE);
        return operator.out();
    }

    private static HttpClient client(HttpClient.Version version) throws GeneralSecurityException {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(AnyCertificate.context())
                .build();
    }

    /** The subject of the certificate that the client's connection was shown. */
    private static String shown(HttpClient client, int port)
            throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/held"))
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo("here");
        assertThat(response.version()).isEqualTo(client.version());
        return response.sslSession().orElseThrow().getPeerPrincipal().getName();
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

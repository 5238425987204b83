package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** h2spec 2.2.0, whole: every case of RFC 9113's and RFC 7541's that it knows. */
class H2specTest {
    @TempDir private Path directory;

    @Test
    void everyCaseHolds() throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "h2spec is there for x86-64");
        try (InputStream packed =
                Objects.requireNonNull(
                        H2specTest.class.getResourceAsStream(
                                "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz"))) {
            Files.copy(packed, directory.resolve("h2spec.tar.gz"));
        }
        run("tar", "-xzf", "h2spec.tar.gz");
        HttpServer origin =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.createContext("/", H2specTest::answer);
        origin.start();
        try (Proxy proxy = Proxy.to(origin.getAddress().getPort()).start()) {
            String said =
                    run("./h2spec", "-h", "127.0.0.1", "-p", "" + proxy.port, "--timeout", "10");
            assertThat(said).contains("145 tests, 145 passed, 0 skipped, 0 failed");
        } finally {
            origin.stop(0);
        }
    }

    /** With the whole request: an answer that overtakes its mistakes would hide them. */
    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var _ = exchange.getRequestBody().readAllBytes();
            byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, hello.length);
            exchange.getResponseBody().write(hello);
        }
    }

    private String run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(List.of(command))
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}

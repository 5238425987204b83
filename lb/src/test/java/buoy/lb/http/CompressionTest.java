package buoy.lb.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import buoy.config.model.Compression;
import buoy.config.model.Compression.Encoding;
import buoy.lb.pool.Reason;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code compression}: RFC 9110 8.4 and 12.5.3. */
class CompressionTest {
    private static final Path CURL = Path.of("/usr/bin/curl");
    private static final String TEXT = "All work and no play makes Jack a dull boy.\n".repeat(2000);

    private static Proxy proxy(Origin origin) throws Exception {
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.compression =
                Optional.of(new Compression(List.of("text/*", "application/json"), 100));
        return setup.start();
    }

    /** Answers every request with this head and body. */
    private static Origin answering(String head, String body) throws IOException {
        return new Origin(
                talk -> {
                    while (!talk.head().isEmpty()) {
                        talk.send("HTTP/1.1 " + head + "\n\n");
                        talk.write(body);
                    }
                });
    }

    private static Origin text(String more) throws IOException {
        return answering(
                "200 OK\nContent-Type: text/plain; charset=utf-8\nContent-Length: "
                        + TEXT.length()
                        + more,
                TEXT);
    }

    private static String ask(String method, String more) {
        return method + " / HTTP/1.1\nHost: a\n" + more + "\n";
    }

    private static final String GZIP = "Accept-Encoding: br, gzip;q=0.8\n";

    /** The data of a chunked body, to its last chunk; trailers stay unread. */
    private static byte[] chunks(Caller caller) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        while (true) {
            StringBuilder size = new StringBuilder();
            while (size.indexOf("\r\n") < 0) {
                size.append(caller.read(1));
            }
            int n = Integer.parseInt(size.toString().strip(), 16);
            if (n == 0) {
                return data.toByteArray();
            }
            data.write(caller.read(n).getBytes(ISO_8859_1));
            assertThat(caller.read(2)).isEqualTo("\r\n");
        }
    }

    private static String unzipped(byte[] gzip) throws IOException {
        return new String(
                new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes(), ISO_8859_1);
    }

    @Test
    void aTextIsMadeSmallerAndTheHeadSaysSo() throws Exception {
        try (Origin origin = text("\nETag: \"v1\"\nAccept-Ranges: bytes\nX-A: b");
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            for (int i = 0; i < 3; i++) {
                String head = caller.send(ask("GET", GZIP)).head();
                assertThat(head)
                        .startsWith("HTTP/1.1 200 OK\n")
                        .contains(
                                "Content-Encoding: gzip\n",
                                "Vary: Accept-Encoding\n",
                                "ETag: W/\"v1\"\n",
                                "Transfer-Encoding: chunked\n",
                                "X-A: b\n")
                        .doesNotContain("Content-Length", "Accept-Ranges", "ETag: \"v1\"");
                byte[] gzip = chunks(caller);
                assertThat(gzip.length).isLessThan(TEXT.length() / 20);
                assertThat(unzipped(gzip)).isEqualTo(TEXT);
                assertThat(caller.read(2)).isEqualTo("\r\n");
            }
            assertThat(proxy.listening.totals().bytesToClient()).isLessThan(TEXT.length());
        }
    }

    @ParameterizedTest
    @CsvSource({"br", "zstd"})
    void otherCodingsAreReadBackByTheirOwnDecoders(String token) throws Exception {
        try (Origin origin = text("")) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.compression =
                    Optional.of(
                            new Compression(
                                    List.of("text/*"),
                                    100,
                                    List.of(Encoding.GZIP, Encoding.BR, Encoding.ZSTD)));
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                for (int i = 0; i < 3; i++) {
                    assertThat(caller.send(ask("GET", "Accept-Encoding: " + token + "\n")).head())
                            .contains("Content-Encoding: " + token + "\n");
                    InputStream coded = new ByteArrayInputStream(chunks(caller));
                    try (InputStream decoded =
                            token.equals("br")
                                    ? new BrotliInputStream(coded)
                                    : new ZstdInputStream(coded)) {
                        assertThat(new String(decoded.readAllBytes(), ISO_8859_1)).isEqualTo(TEXT);
                    }
                    assertThat(caller.read(2)).isEqualTo("\r\n");
                }
            }
        }
    }

    @Test
    void whoDoesNotWantItGetsItAsItIsAndIsToldThatItDepends() throws Exception {
        try (Origin origin = text("\nETag: \"v1\"");
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            assertThat(caller.send(ask("GET", "")).response())
                    .contains("Vary: Accept-Encoding\n", "ETag: \"v1\"\n")
                    .doesNotContain("Content-Encoding")
                    .endsWith(TEXT);
            assertThat(caller.send(ask("GET", "Accept-Encoding: gzip;q=0\n")).response())
                    .endsWith(TEXT);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 OK\nContent-Type: image/png",
                "200 OK\nContent-Type: texts/plain",
                "200 OK\nContent-Type: application/jsonp",
                "200 OK",
                "200 OK\nContent-Type: text/plain\nContent-Encoding: br",
                "200 OK\nContent-Type: text/plain\nCache-Control: public, No-Transform",
                "206 Partial Content\nContent-Type: text/plain\nContent-Range: bytes 0-9/20",
                "200 OK\nContent-Type: text/plain\nContent-Digest: sha-256=:abc=:"
            })
    void whatIsNotToBeChangedIsNot(String head) throws Exception {
        String body = "0123456789".repeat(100);
        try (Origin origin = answering(head + "\nContent-Length: 1000", body);
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            assertThat(caller.send(ask("GET", GZIP)).response())
                    .doesNotContain("Vary", "gzip")
                    .endsWith(body);
        }
    }

    @Test
    void whatIsSmallIsNotWorthIt() throws Exception {
        try (Origin origin =
                        answering(
                                "200 OK\nContent-Type: text/plain\nContent-Length: 99",
                                "x".repeat(99));
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            assertThat(caller.send(ask("GET", GZIP)).response()).endsWith("x".repeat(99));
        }
    }

    @Test
    void anOlderClientGetsItAsItIs() throws Exception {
        try (Origin origin = text("");
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            caller.send("GET / HTTP/1.0\nHost: a\n" + GZIP + "\n");
            assertThat(caller.response()).doesNotContain("gzip").endsWith(TEXT);
        }
    }

    @Test
    void headSaysWhatGetWould() throws Exception {
        try (Origin origin =
                        answering(
                                "200 OK\nContent-Type: text/plain\nContent-Length: 5000\nVary: Accept-Encoding, Cookie",
                                "");
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            for (int i = 0; i < 2; i++) {
                assertThat(caller.send(ask("HEAD", GZIP)).head())
                        .contains("Content-Encoding: gzip\n", "Vary: Accept-Encoding, Cookie\n")
                        .doesNotContain("Content-Length", "Vary: Accept-Encoding\n");
            }
        }
    }

    @Test
    void chunksOfTheServerAreReadAndItsTrailersGoOn() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(
                                            """
                                            HTTP/1.1 200 OK
                                            Content-Type: application/json
                                            Transfer-Encoding: chunked

                                            """);
                                    talk.send(
                                            """
                                            5;ext=1
                                            {"a":
                                            3
                                             1}
                                            0
                                            X-Sum: 7

                                            """);
                                    talk.ended();
                                });
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            assertThat(caller.send(ask("GET", GZIP)).head()).contains("Content-Encoding: gzip\n");
            assertThat(unzipped(chunks(caller))).isEqualTo("{\"a\": 1}");
            assertThat(caller.head()).isEqualTo("X-Sum: 7\n\n");
        }
    }

    @Test
    void aBodyThatEndsWithItsConnectionEndsWithItsLastChunk() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send("HTTP/1.1 200 OK\nContent-Type: text/plain\n\n");
                                    talk.write(TEXT);
                                });
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            for (int i = 0; i < 2; i++) {
                assertThat(caller.send(ask("GET", GZIP)).head())
                        .doesNotContain("Connection: close");
                assertThat(unzipped(chunks(caller))).isEqualTo(TEXT);
                assertThat(caller.read(2)).isEqualTo("\r\n");
            }
        }
    }

    @Test
    void whatHasComeIsNotHeldBack() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(
                                            "HTTP/1.1 200 OK\nContent-Type: text/event-stream\n\n");
                                    talk.write("data: one\n\n");
                                    awaitIt(seen);
                                    talk.write("data: two\n\n");
                                });
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            caller.send(ask("GET", GZIP)).head();
            Inflater inflater = new Inflater(true);
            byte[] text = new byte[100];
            int n = 0;
            boolean header = true;
            while (n < "data: one\n\n".length()) {
                StringBuilder size = new StringBuilder();
                while (size.indexOf("\r\n") < 0) {
                    size.append(caller.read(1));
                }
                byte[] piece =
                        caller.read(Integer.parseInt(size.toString().strip(), 16))
                                .getBytes(ISO_8859_1);
                caller.read(2);
                int skip = header ? 10 : 0;
                header = false;
                inflater.setInput(piece, skip, piece.length - skip);
                n += inflater.inflate(text, n, text.length - n);
            }
            assertThat(new String(text, 0, n, ISO_8859_1)).isEqualTo("data: one\n\n");
            seen.countDown();
            inflater.setInput(chunks(caller));
            n += inflater.inflate(text, n, text.length - n);
            assertThat(new String(text, 0, n, ISO_8859_1)).endsWith("data: two\n\n");
            inflater.end();
        }
    }

    private static void awaitIt(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "8165", "8166", "8167", "100000", "3000000"})
    void contentOfAnySizeArrives(int size) throws Exception {
        // What does not get smaller fills pieces to the last byte.
        byte[] random = new byte[size];
        new SplittableRandom(size).nextBytes(random);
        String body = new String(random, ISO_8859_1);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send("HTTP/1.1 200 OK\nContent-Type: text/plain\n\n");
                                    talk.write(body);
                                });
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            caller.send(ask("GET", GZIP)).head();
            assertThat(unzipped(chunks(caller)).equals(body)).isTrue();
        }
    }

    @Test
    void aBodyThatBreaksOffIsNotTakenForWhole() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(
                                            "HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 1000000\n\n");
                                    talk.write(TEXT);
                                });
                Proxy proxy = proxy(origin)) {
            for (int i = 0; i < 5; i++) {
                try (Caller caller = proxy.call()) {
                    caller.send(ask("GET", GZIP)).head();
                    assertThat(caller.end()).isEqualTo("reset");
                }
            }
            assertThat(proxy.failed(Reason.SERVER_CLOSED)).isEqualTo(5);
        }
    }

    @Test
    void curlReadsIt() throws Exception {
        assumeThat(CURL).exists();
        try (Origin origin = text("");
                Proxy proxy = proxy(origin)) {
            Process curl =
                    new ProcessBuilder(
                                    CURL.toString(),
                                    "-sS",
                                    "--compressed",
                                    "-w",
                                    "%{size_download}",
                                    "http://127.0.0.1:" + proxy.port)
                            .redirectErrorStream(true)
                            .start();
            String out = new String(curl.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(curl.waitFor()).isZero();
            assertThat(out).startsWith(TEXT);
            assertThat(Integer.parseInt(out.substring(TEXT.length())))
                    .isLessThan(TEXT.length() / 20);
        }
    }
}

package buoy.lb.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import buoy.config.model.BasicAuth;
import buoy.config.model.Compression;
import buoy.config.model.Listener;
import buoy.config.model.RateLimit;
import buoy.config.model.Secret;
import buoy.lb.http.StreamsCaller.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compression, passwords and rates, for clients that speak HTTP/2. */
class GuardedStreamsTest {
    private static final Path CURL = Path.of("/usr/bin/curl");
    private static final String TEXT = "All work and no play makes Jack a dull boy.\n".repeat(2000);

    @TempDir Path directory;

    private static Proxy.Setup compressing(Origin origin) {
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.compression = Optional.of(new Compression(List.of("text/*"), 100));
        return setup;
    }

    private static Origin text(String head, String body) throws IOException {
        return new Origin(
                talk -> {
                    while (!talk.head().isEmpty()) {
                        talk.send("HTTP/1.1 200 OK\nContent-Type: text/plain\n" + head + "\n\n");
                        talk.write(body);
                    }
                });
    }

    private static String unzipped(CharSequence content) throws IOException {
        byte[] gzip = content.toString().getBytes(ISO_8859_1);
        return new String(
                new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes(), ISO_8859_1);
    }

    @Test
    void compressedContentHasNoFraming() throws Exception {
        try (Origin origin = text("Content-Length: " + TEXT.length() + "\nETag: \"a\"", TEXT);
                Proxy proxy = compressing(origin).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            for (int stream = 1; stream < 9; stream += 2) {
                caller.headers(
                        stream,
                        true,
                        StreamsCaller.request("GET", "/") + "\naccept-encoding: gzip");
                Answer answer = caller.answer(stream);
                assertThat(answer.fields)
                        .contains("content-encoding: gzip\n", "etag: W/\"a\"\n")
                        .doesNotContain("content-length", "transfer-encoding", "connection");
                assertThat(unzipped(answer.content)).isEqualTo(TEXT);
                assertThat(answer.ended).isTrue();
            }
            caller.get(9, "/");
            assertThat(caller.answer(9).content.toString()).isEqualTo(TEXT);
        }
    }

    @Test
    void itsTrailersComeBehindIt() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(
                                            """
                                            HTTP/1.1 200 OK
                                            Content-Type: text/plain
                                            Transfer-Encoding: chunked

                                            5
                                            hello
                                            0
                                            X-Sum: 7

                                            """);
                                    talk.ended();
                                });
                Proxy proxy = compressing(origin).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, true, StreamsCaller.request("GET", "/") + "\naccept-encoding: gzip");
            Answer answer = caller.answer(1);
            assertThat(unzipped(answer.content)).isEqualTo("hello");
            assertThat(answer.trailers).isEqualTo("x-sum: 7\n");
        }
    }

    @Test
    void curlGetsALargeOneWhole() throws Exception {
        assumeThat(CURL).exists();
        byte[] random = new byte[5_000_000];
        new SplittableRandom(1).nextBytes(random);
        Path file = directory.resolve("got");
        try (Origin origin =
                        text("Content-Length: " + random.length, new String(random, ISO_8859_1));
                Proxy proxy = compressing(origin).start()) {
            Process curl =
                    new ProcessBuilder(
                                    CURL.toString(),
                                    "-sS",
                                    "--http2-prior-knowledge",
                                    "--compressed",
                                    "-o",
                                    file.toString(),
                                    "http://127.0.0.1:" + proxy.port)
                            .inheritIO()
                            .start();
            assertThat(curl.waitFor()).isZero();
            assertThat(Arrays.equals(Files.readAllBytes(file), random)).isTrue();
            assertThat(proxy.listening.totals().finished()).isEqualTo(1);
        }
    }

    @Test
    void streamsWaitForTheirPasswordsEachByItself() throws Exception {
        Listener.Guard guard =
                new Listener.Guard(
                        Optional.of(
                                new RateLimit(
                                        Duration.ofSeconds(1000), 4, new RateLimit.Key.Route())),
                        Optional.of(
                                new BasicAuth(
                                        "a",
                                        new BasicAuth.Users(
                                                Map.of(
                                                        "ann",
                                                        new Secret(
                                                                "$apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/"))))));
        String right = "authorization: Basic " + base64("ann:secret");
        String wrong = "authorization: Basic " + base64("ann:wrong");
        try (Origin origin =
                new Origin(
                        talk -> {
                            // It is kept: no POST is sent again for a connection that is not.
                            for (String head = talk.head(); !head.isEmpty(); head = talk.head()) {
                                talk.ok(head.contains("content-length: 10") ? talk.read(10) : "x");
                            }
                        })) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.route(
                    new Listener.Route(
                            Listener.Match.ANY,
                            new Listener.Action.ToPool("app"),
                            Optional.empty(),
                            Listener.RouteTimeouts.NONE,
                            guard));
            try (Proxy proxy = setup.start();
                    StreamsCaller caller = new StreamsCaller(proxy.port)) {
                String post = StreamsCaller.request("POST", "/") + "\ncontent-length: 10\n";
                caller.headers(1, false, post + right).data(1, true, "0123456789");
                caller.headers(3, false, post + wrong).data(3, true, "0123456789");
                caller.headers(5, true, StreamsCaller.request("GET", "/") + "\n" + right);
                caller.get(7, "/");
                Map<Integer, String> got = answers(caller, 4);
                assertThat(got.get(1)).startsWith(":status: 200\n").endsWith("0123456789");
                assertThat(got.get(3)).startsWith(":status: 401\n");
                assertThat(got.get(5)).startsWith(":status: 200\n").endsWith("x");
                assertThat(got.get(7))
                        .contains("www-authenticate: Basic realm=\"a\", charset=\"UTF-8\"\n");
                caller.get(9, "/");
                Answer tooEarly = caller.answer(9);
                assertThat(tooEarly.status()).isEqualTo("429");
                assertThat(tooEarly.fields).contains("retry-after: ");
            }
        }
    }

    /** Fields and content of so many streams, in whatever order they come. */
    private static Map<Integer, String> answers(StreamsCaller caller, int streams)
            throws Exception {
        Map<Integer, String> answers = new HashMap<>();
        for (int ended = 0; ended < streams; ) {
            StreamsCaller.Frame frame = caller.next();
            if (frame.type() == StreamsCaller.HEADERS || frame.type() == StreamsCaller.DATA) {
                answers.merge(
                        frame.stream(),
                        frame.type() == StreamsCaller.HEADERS ? frame.fields() : frame.text(),
                        String::concat);
                ended += frame.ends() ? 1 : 0;
            }
        }
        return answers;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(ISO_8859_1));
    }
}

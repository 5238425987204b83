package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.config.model.Certificate;
import buoy.config.model.ListenerTls;
import buoy.lb.kit.Authority;
import buoy.lb.listen.Securing;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same exchanges behind TLS, with openssl and curl as peers. */
class HttpsTest {
    @TempDir private Path directory;

    @BeforeEach
    void certificate() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                "site.key",
                "-out",
                "site.crt",
                "-days",
                "90",
                "-subj",
                "/CN=site.example",
                "-addext",
                "subjectAltName=DNS:site.example");
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    private Proxy https(Origin origin) throws Exception {
        Certificate site =
                new Certificate.Pair(
                        "site", directory.resolve("site.crt"), directory.resolve("site.key"));
        return https(origin, Authority.listener(site, "http/1.1"));
    }

    private static Proxy https(Origin origin, Securing tls) throws Exception {
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.tls = Optional.of(tls);
        return setup.start();
    }

    @Test
    void curlKeepsItsConnectionAndServersLearnOfHttps() throws Exception {
        try (Origin origin = Origin.answering("over tls");
                Proxy proxy = https(origin)) {
            String url = "https://site.example:" + proxy.port;
            String out =
                    run(
                            "curl",
                            "-sS",
                            "--cacert",
                            "site.crt",
                            "--connect-to",
                            "site.example::127.0.0.1:",
                            url + "/a",
                            url + "/b",
                            "-w",
                            " %{num_connects}\n");
            assertThat(out).isEqualTo("over tls 1\nover tls 0\n");
            assertThat(origin.received())
                    .contains("X-Forwarded-Proto: https\n")
                    .contains("X-Forwarded-Host: site.example:" + proxy.port + "\n");
        }
    }

    /** Who waits for the end of what is sent has it at once, although more is read for a while. */
    @Test
    void whatIsSentEndsBeforeTheConnectionDoes() throws Exception {
        Authority authority = new Authority(directory);
        Certificate site = authority.pair("own", "DNS:site.example");
        try (Origin origin = Origin.answering("over tls");
                Proxy proxy = https(origin, Authority.listener(site, "http/1.1"));
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), proxy.port);
                SSLSocket client = authority.client(plain, "site.example")) {
            client.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /never"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(
                            new String(
                                    client.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII))
                    .endsWith("over tls");
            assertThat(proxy.listening.connected()).isOne();
        }
    }

    @Test
    void curlSpeaksHttp2WhereItIsOffered() throws Exception {
        Certificate site =
                new Certificate.Pair(
                        "site", directory.resolve("site.crt"), directory.resolve("site.key"));
        try (Origin origin = Origin.answering("over h2");
                Proxy proxy = https(origin, Authority.listener(site, "h2", "http/1.1"))) {
            String[] curl = {
                "curl",
                "-sS",
                "--cacert",
                "site.crt",
                "--connect-to",
                "site.example::127.0.0.1:",
                "https://site.example:" + proxy.port,
                "-w",
                " %{http_version}\n",
                "--http2"
            };
            assertThat(run(curl)).isEqualTo("over h2 2\n");
            assertThat(origin.received()).contains("Via: 2.0 buoy\n", "X-Forwarded-Proto: https\n");
            curl[curl.length - 1] = "--http1.1";
            assertThat(run(curl)).isEqualTo("over h2 1.1\n");
        }
    }

    @Test
    void serversLearnWhoTheClientHasProvenToBeAndNobodyElseIsCounted() throws Exception {
        Authority authority = new Authority(directory);
        authority.pair("partner", "DNS:partner.example");
        Certificate site = authority.pair("own", "DNS:site.example");
        try (Origin origin = Origin.answering("x");
                Proxy proxy =
                        https(
                                origin,
                                Authority.listener(
                                        site,
                                        Optional.of(
                                                new ListenerTls.ClientCertificates(
                                                        authority.ca(), true, Optional.empty())),
                                        "http/1.1"))) {
            String asked =
                    run(
                            "curl",
                            "-sS",
                            "--cacert",
                            "ca.crt",
                            "--cert",
                            "partner.crt",
                            "--key",
                            "partner.key",
                            "--connect-to",
                            "site.example::127.0.0.1:",
                            "-H",
                            "X-Client-Cert-Subject: CN=root",
                            "https://site.example:" + proxy.port + "/a");
            assertThat(asked).isEqualTo("x");
            assertThat(origin.received())
                    .containsOnlyOnce("X-Client-Cert-Subject: CN=partner\n")
                    .doesNotContain("root");

            run(
                    "sh",
                    "-c",
                    "! curl -sS --cacert ca.crt --connect-to site.example::127.0.0.1: https://site.example:"
                            + proxy.port);
            Proxy.eventually(() -> proxy.failed(Reason.CLIENT_CERTIFICATE_MISSING) == 1, "counted");
        }
    }

    /** The status of a request for another host than the one that TLS was asked for. */
    private String status(Proxy proxy, String asked, String host, String version) throws Exception {
        return run(
                "curl",
                "-sS",
                "--cacert",
                "ca.crt",
                "--connect-to",
                asked + "::127.0.0.1:",
                "https://" + asked + ":" + proxy.port,
                "-H",
                "Host: " + host,
                "-o",
                "answer",
                "-w",
                "%{http_code}",
                version);
    }

    @Test
    void aRequestForTheHostOfAnotherCertificateIsSentElsewhere() throws Exception {
        Authority authority = new Authority(directory);
        Certificate one = authority.pair("one", "DNS:one.example,DNS:*.one.example");
        Certificate two = authority.pair("two", "DNS:two.example,DNS:deep.one.example");
        for (String version : List.of("--http1.1", "--http2")) {
            try (Origin origin = Origin.answering("x");
                    Proxy proxy =
                            https(
                                    origin,
                                    Authority.listener(List.of(one, two), "h2", "http/1.1"))) {
                assertThat(status(proxy, "one.example", "one.example", version)).isEqualTo("200");
                assertThat(status(proxy, "one.example", "ONE.example.:1", version))
                        .isEqualTo("200");
                assertThat(status(proxy, "one.example", "deep.one.example", version))
                        .isEqualTo("200");
                assertThat(status(proxy, "two.example", "203.0.113.9", version)).isEqualTo("200");
                assertThat(proxy.failed(Reason.MISDIRECTED)).isZero();
                for (int served = 0; served < 4; served++) {
                    var _ = origin.received();
                }
                assertThat(status(proxy, "one.example", "TWO.example:443", version))
                        .isEqualTo("421");
                assertThat(Files.readString(directory.resolve("answer")))
                        .isEqualTo("421 misdirected\n");
                assertThat(status(proxy, "two.example", "a.one.example", version)).isEqualTo("421");
                assertThat(proxy.failed(Reason.MISDIRECTED)).isEqualTo(2);
                assertThat(origin.receivedNothing()).isTrue();
            }
        }
    }

    @Test
    void aRefusalReachesTheClientThroughTls() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = https(origin)) {
            String out =
                    run(
                            "curl",
                            "-sS",
                            "--cacert",
                            "site.crt",
                            "--connect-to",
                            "site.example::127.0.0.1:",
                            "-H",
                            "Host: a b",
                            "-i",
                            "https://site.example:" + proxy.port);
            assertThat(out).startsWith("HTTP/1.1 400 ").contains("bad-host");
        }
    }

    @Test
    void plainHttpOnATlsPortIsCountedAndClosed() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = https(origin);
                Caller caller = proxy.call()) {
            caller.get("/");
            caller.end();
            Proxy.eventually(() -> proxy.failed(Reason.TLS_FAILED) == 1, "counted");
            assertThat(origin.receivedNothing()).isTrue();
        }
    }
}

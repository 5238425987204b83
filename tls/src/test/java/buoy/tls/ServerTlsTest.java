package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Certificate;
import buoy.config.model.ListenerTls;
import buoy.config.model.ListenerTls.Policy;
import buoy.config.model.ListenerTls.UnknownNames;
import buoy.config.model.ListenerTls.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real handshakes with the openssl program and curl, with whoever does the cryptography. */
class ServerTlsTest {
    @TempDir private static Path directory;
    private static TestCertificates ca;
    private static final Map<String, Certificate> CERTIFICATES = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // every test starts its own
    private TlsServer server;

    @BeforeAll
    static void makeCertificates() {
        ca = new TestCertificates(directory);
        CERTIFICATES.put("one", ca.pair("one", "ec", "one.example", "*.one.example"));
        CERTIFICATES.put("two", ca.pair("two", "rsa", "two.example"));
        CERTIFICATES.put("two-ec", ca.pair("two-ec", "ec", "two.example"));
    }

    @AfterEach
    @SuppressWarnings("ConstantConditions") // some start none
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void curlGetsItsPageAndTheOutcomeTellsHow(Engine engine) throws Exception {
        start(engine, "one");

        assertThat(curl("one.example", "--http1.1")).isEqualTo("hello\n");

        assertThat(server.outcome())
                .isInstanceOfSatisfying(
                        TlsOutcome.Established.class,
                        done -> {
                            assertThat(done.protocol()).isEqualTo("TLSv1.3");
                            assertThat(done.cipher()).startsWith("TLS_");
                            assertThat(done.alpn()).contains("http/1.1");
                            assertThat(done.certificate()).isEqualTo("one");
                        });
        assertThat(server.nothingMore()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aClientWithoutAlpnIsServed(Engine engine) throws Exception {
        start(engine, "one", "two");

        assertThat(curl("two.example", "--no-alpn", "--tls-max", "1.2")).isEqualTo("hello\n");

        assertThat(server.outcome())
                .isInstanceOfSatisfying(
                        TlsOutcome.Established.class,
                        done -> {
                            assertThat(done.protocol()).isEqualTo("TLSv1.2");
                            assertThat(done.alpn()).isEmpty();
                        });
    }

    @ParameterizedTest
    @EnumSource
    void theNameTheClientAsksForChoosesTheCertificate(Engine engine) {
        start(engine, "one", "two");

        assertThat(subject("-servername", "one.example")).isEqualTo("CN = one");
        assertThat(subject("-servername", "TWO.example")).isEqualTo("CN = two");
        assertThat(subject("-servername", "a.one.example")).isEqualTo("CN = one");
        assertThat(subject("-servername", "a.b.one.example")).isEqualTo("CN = one"); // the default
        assertThat(subject("-noservername")).isEqualTo("CN = one");
    }

    @ParameterizedTest
    @EnumSource
    void rsaAndEcdsaForOneNameServeOldAndNewClients(Engine engine) {
        start(engine, "one", "two", "two-ec");

        assertThat(subject("-servername", "two.example")).isEqualTo("CN = two-ec");
        assertThat(
                        subject(
                                "-servername",
                                "two.example",
                                "-tls1_2",
                                "-cipher",
                                "ECDHE-RSA-AES128-GCM-SHA256"))
                .isEqualTo("CN = two");
        assertThat(subject("-servername", "two.example", "-tls1_3", "-sigalgs", "RSA-PSS+SHA256"))
                .isEqualTo("CN = two");
    }

    @Test
    void anUnknownNameIsRefusedInTheWordsOfTheStandard() throws Exception {
        server =
                new TlsServer(
                        load(
                                Engine.CONSCRYPT,
                                settings(
                                        Policy.INTERMEDIATE,
                                        Optional.empty(),
                                        UnknownNames.REJECT,
                                        "one")));

        assertThat(client("-servername", "none.example")).contains("unrecognized name");
        assertThat(server.outcome())
                .isEqualTo(
                        new TlsOutcome.Failed(
                                TlsOutcome.Reason.UNKNOWN_NAME, "no certificate for none.example"));
        assertThat(client("-noservername")).contains("unrecognized name");
        assertThat(server.outcome())
                .isEqualTo(
                        new TlsOutcome.Failed(
                                TlsOutcome.Reason.UNKNOWN_NAME, "no server name was sent"));
        assertThat(subject("-servername", "one.example")).isEqualTo("CN = one");
        assertThat(server.outcome()).isInstanceOf(TlsOutcome.Established.class);
        assertThat(server.nothingMore()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void oldProtocolsAreRefused(Engine engine) throws Exception {
        start(engine, "one");

        assertThat(client("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"))
                .contains("alert protocol version");
        assertThat(server.outcome())
                .isInstanceOfSatisfying(
                        TlsOutcome.Failed.class,
                        failed ->
                                assertThat(failed.reason()).isEqualTo(TlsOutcome.Reason.HANDSHAKE));
        assertThat(server.nothingMore()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void modernMeansTls13AndMinVersionOverridesIt(Engine engine) {
        server =
                new TlsServer(
                        load(
                                engine,
                                settings(
                                        Policy.MODERN,
                                        Optional.empty(),
                                        UnknownNames.DEFAULT,
                                        "one")));
        assertThat(client("-tls1_2")).contains("alert protocol version");
        assertThat(client("-tls1_3")).contains("TLSv1.3");
        server.close();

        server =
                new TlsServer(
                        load(
                                engine,
                                settings(
                                        Policy.MODERN,
                                        Optional.of(Version.TLS_1_2),
                                        UnknownNames.DEFAULT,
                                        "one")));
        assertThat(client("-tls1_2")).contains("TLSv1.2");
        server.close();

        server =
                new TlsServer(
                        load(
                                engine,
                                settings(
                                        Policy.INTERMEDIATE,
                                        Optional.of(Version.TLS_1_3),
                                        UnknownNames.DEFAULT,
                                        "one")));
        assertThat(client("-tls1_2")).contains("alert protocol version");
    }

    @ParameterizedTest
    @EnumSource
    void weakCiphersAreNotInThePolicy(Engine engine) {
        start(engine, "two");

        assertThat(client("-tls1_2", "-cipher", "AES128-SHA:ECDHE-RSA-AES128-SHA"))
                .contains("handshake failure");
        assertThat(client("-tls1_2", "-cipher", "ECDHE-RSA-CHACHA20-POLY1305"))
                .contains("ECDHE-RSA-CHACHA20-POLY1305");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONSCRYPT", "TCNATIVE"})
    void theGroupsAreThoseOfThePolicy(Engine engine) {
        start(engine, "two");

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            for (String group : List.of("X25519", "P-256", "P-384")) {
                assertThat(client(version, "-curves", group))
                        .as("%s %s", version, group)
                        .containsPattern("New, TLSv1.*Cipher is (ECDHE|TLS)");
            }
            assertThat(client(version, "-curves", "P-521")).contains("handshake failure");
        }
    }

    @ParameterizedTest
    @EnumSource
    void sessionsAreResumedInBothVersions(Engine engine) {
        start(engine, "one", "two");

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            String first =
                    request(
                            version,
                            "-servername",
                            "two.example",
                            "-sess_out",
                            "session" + version);
            String second =
                    request(version, "-servername", "two.example", "-sess_in", "session" + version);
            assertThat(first).as(version).contains("New, TLSv1");
            assertThat(second).as(version).contains("Reused, TLSv1");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CONSCRYPT", "TCNATIVE"})
    void clientsResumeWithAnotherCertificateOfTheListenerAndOverAReload(Engine engine) {
        ListenerTls settings =
                engine.with(
                        settings(
                                Policy.INTERMEDIATE,
                                Optional.empty(),
                                UnknownNames.DEFAULT,
                                "one",
                                "two"));
        ServerTls before = load(engine, settings);
        server = new TlsServer(before);
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            request(version, "-servername", "two.example", "-sess_out", "reload" + version);
        }
        server.close();

        server = new TlsServer(load(settings, read(engine, settings), Optional.of(before)));
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(
                            request(
                                    version,
                                    "-servername",
                                    "two.example",
                                    "-sess_in",
                                    "reload" + version))
                    .as(version)
                    .contains("Reused, TLSv1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void newFilesAreShownToNewConnections(Engine engine) throws Exception {
        Path sites = Files.createDirectories(directory.resolve("sites-" + engine));
        Files.copy(ca.file("one.crt"), sites.resolve("x.crt"));
        Files.copy(ca.file("one.key"), sites.resolve("x.key"));
        CERTIFICATES.put("all", new Certificate.Directory("all", sites));
        ListenerTls settings =
                engine.with(
                        settings(
                                Policy.INTERMEDIATE,
                                Optional.empty(),
                                UnknownNames.DEFAULT,
                                "all"));
        Certificates certificates = read(engine, settings);
        ServerTls tls = load(settings, certificates, Optional.empty());
        server = new TlsServer(tls);
        assertThat(subject("-servername", "two.example")).isEqualTo("CN = one");
        Files.copy(ca.file("two.crt"), sites.resolve("y.crt"));
        Files.copy(ca.file("two.key"), sites.resolve("y.key"));
        certificates.look(Instant.now());
        certificates.look(Instant.now());

        tls.look(Instant.now(), true);

        assertThat(subject("-servername", "two.example")).isEqualTo("CN = two");
        assertThat(subject("-servername", "one.example")).isEqualTo("CN = one");
        assertThat(tls.certificates())
                .extracting(ServerTls.Shown::name)
                .containsExactly("all/x", "all/y");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotTlsIsAReasonAndNoException(Engine engine) throws Exception {
        for (ServerTls tls : List.of(ready(engine, "one"), ready(engine, "one", "two"))) {
            server = new TlsServer(tls);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                drain(socket);
            }
            assertThat(server.outcome())
                    .isInstanceOfSatisfying(
                            TlsOutcome.Failed.class,
                            failed ->
                                    assertThat(failed.reason())
                                            .isEqualTo(TlsOutcome.Reason.NOT_TLS));
            assertThat(server.nothingMore()).isTrue();
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CONSCRYPT", "TCNATIVE"})
    void aClientThatLeavesInTheMiddleIsAReasonToo(Engine engine) throws Exception {
        for (ServerTls tls : List.of(ready(engine, "one"), ready(engine, "one", "two"))) {
            server = new TlsServer(tls);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
                socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            }
            assertThat(server.outcome())
                    .isInstanceOfSatisfying(
                            TlsOutcome.Failed.class,
                            failed ->
                                    assertThat(failed.reason())
                                            .isEqualTo(TlsOutcome.Reason.CLIENT_CLOSED));
            assertThat(server.nothingMore()).isTrue();
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEngineIsClosedBothWaysWithItsConnection(Engine engine) throws Exception {
        start(engine, "one");

        assertThat(curl("one.example")).isEqualTo("hello\n"); // and this side closes first

        SSLEngine used = server.engines().remove();
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!(used.isInboundDone() && used.isOutboundDone())) {
            assertThat(System.nanoTime() - deadline)
                    .as("nanoseconds past the deadline")
                    .isNegative();
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CONSCRYPT", "TCNATIVE"})
    void aCaIsShownItsChallengeAndNobodyElseIs(Engine engine) throws Exception {
        Challenges challenges = new Challenges();
        server = new TlsServer(ready(engine, "one"), challenges);
        String[] asCa = {"-servername", "one.example", "-alpn", "acme-tls/1"};
        assertThat(subject(asCa)).isEqualTo("CN = one");
        server.outcome();
        Identity two =
                new IdentityFiles(null, Instant.now())
                        .read(
                                Part.of(
                                        (Certificate.Pair)
                                                Objects.requireNonNull(CERTIFICATES.get("two-ec"))))
                        .orElseThrow();

        challenges.answer(
                Map.of(),
                Map.of("one.example", new Challenges.Shown(two.chain().getFirst(), two.key())));

        assertThat(subject(asCa)).isEqualTo("CN = two-ec");
        assertThat(server.outcome())
                .isEqualTo(
                        new TlsOutcome.Failed(
                                TlsOutcome.Reason.CHALLENGE, "a CA was answered for one.example"));
        assertThat(client(asCa)).contains("ALPN protocol: acme-tls/1");
        server.outcome();
        assertThat(subject("-servername", "x.one.example", "-alpn", "acme-tls/1"))
                .isEqualTo("CN = one");
        server.outcome();
        assertThat(curl("one.example")).isEqualTo("hello\n");
        assertThat(server.outcome()).isInstanceOf(TlsOutcome.Established.class);

        challenges.answer(Map.of(), Map.of());
        assertThat(subject(asCa)).isEqualTo("CN = one");
        server.outcome();
        assertThat(server.nothingMore()).isTrue();
    }

    @Test
    void aCertificateThatIsBeingOrderedIsWaitedFor(@TempDir Path state) throws Exception {
        Certificate.Acme acme =
                new Certificate.Acme(
                        "auto",
                        "https://acme.example/dir",
                        List.of("two.example"),
                        List.of(),
                        Certificate.Acme.KeyType.EC256,
                        List.of(Certificate.Acme.Challenge.TLS_ALPN_01),
                        Optional.empty(),
                        state.resolve("auto.pem"));
        ListenerTls settings =
                settings(Policy.INTERMEDIATE, Optional.empty(), UnknownNames.DEFAULT, "auto");
        Certificates certificates =
                Certificates.read(
                        Map.of("auto", acme), List.of("auto"), Instant.now(), Optional.empty());
        ServerTls tls = load(settings, certificates, Optional.empty());
        server = new TlsServer(tls);

        assertThat(client("-servername", "two.example")).contains("internal error");
        assertThat(server.outcome())
                .isEqualTo(
                        new TlsOutcome.Failed(
                                TlsOutcome.Reason.NO_CERTIFICATE,
                                "the certificate for two.example is still being ordered"));

        Files.writeString(acme.pem(), ca.read("two-ec.key") + ca.read("two-ec.crt"));
        assertThat(certificates.look(Instant.now())).hasSize(1);
        tls.look(Instant.now(), true);
        assertThat(subject("-servername", "two.example")).isEqualTo("CN = two-ec");
    }

    @Test
    void problemsOfAllCertificatesComeTogether() {
        Map<String, Certificate> broken =
                Map.of(
                        "a", new Certificate.Bundle("a", ca.file("missing-a.pem")),
                        "b", new Certificate.Bundle("b", ca.file("missing-b.pem")));

        Certificates certificates =
                Certificates.read(broken, List.of("a", "b"), Instant.now(), Optional.empty());

        assertThat(certificates.problems())
                .extracting(Finding::path)
                .containsExactly("certificates.a.pem", "certificates.b.pem");
    }

    @Test
    void statusKnowsWhatIsShownAndUntilWhen() {
        assertThat(ready(Engine.CONSCRYPT, "one").certificates())
                .singleElement()
                .satisfies(
                        shown -> {
                            assertThat(shown.name()).isEqualTo("one");
                            assertThat(shown.names())
                                    .containsExactly("one.example", "*.one.example");
                            assertThat(shown.notAfter()).isAfter(Instant.now());
                        });
    }

    private void start(Engine engine, String... certificates) {
        server = new TlsServer(ready(engine, certificates));
    }

    private static ServerTls ready(Engine engine, String... certificates) {
        return load(
                engine,
                settings(
                        Policy.INTERMEDIATE, Optional.empty(), UnknownNames.DEFAULT, certificates));
    }

    private static ServerTls load(Engine engine, ListenerTls settings) {
        return load(engine.with(settings), read(engine, settings), Optional.empty());
    }

    private static Certificates read(Engine engine, ListenerTls settings) {
        Certificates certificates =
                Certificates.read(
                        CERTIFICATES,
                        settings.certificates(),
                        Instant.now(),
                        Optional.empty(),
                        engine.provider());
        assertThat(certificates.problems()).isEmpty();
        return certificates;
    }

    private static ServerTls load(
            ListenerTls settings, Certificates certificates, Optional<ServerTls> before) {
        Loading<ServerTls> loading =
                ServerTls.load(
                        "tls",
                        settings,
                        certificates,
                        Optional.of(Engine.PEERS),
                        Instant.now(),
                        before);
        assertThat(loading).isInstanceOf(Loading.Ready.class);
        return ((Loading.Ready<ServerTls>) loading).tls();
    }

    private static ListenerTls settings(
            Policy policy,
            Optional<Version> minVersion,
            UnknownNames unknown,
            String... certificates) {
        return new ListenerTls(
                List.of(certificates),
                policy,
                minVersion,
                List.of("http/1.1"),
                unknown,
                Optional.empty(),
                true,
                Optional.empty());
    }

    private String curl(String name, String... options) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "curl",
                                "-sS",
                                "--max-time",
                                "20",
                                "--cacert",
                                "ca.crt",
                                "--resolve",
                                name + ":" + server.port + ":127.0.0.1"));
        command.addAll(List.of(options));
        command.add("https://" + name + ":" + server.port + "/");
        return ca.run("", command);
    }

    /** Handshakes and leaves; all that openssl says about it. */
    private String client(String... options) {
        return openssl("", options);
    }

    /**
     * Waits for an answer too, so that TLS 1.3's tickets, which follow the handshake, have come.
     */
    private String request(String... options) {
        List<String> all = new ArrayList<>(List.of("-ign_eof"));
        all.addAll(List.of(options));
        return openssl("GET / HTTP/1.1\r\n\r\n", all.toArray(String[]::new));
    }

    private String openssl(String input, String... options) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "timeout",
                                "20",
                                "openssl",
                                "s_client",
                                "-connect",
                                "127.0.0.1:" + server.port,
                                "-CAfile",
                                "ca.crt"));
        command.addAll(List.of(options));
        return ca.run(input, command);
    }

    private String subject(String... options) {
        return client(options)
                .lines()
                .filter(line -> line.startsWith("subject="))
                .map(line -> line.substring("subject=".length()))
                .findFirst()
                .orElse("none");
    }

    private static void drain(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        var _ = socket.getInputStream().readAllBytes();
    }
}

package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Certificate;
import buoy.config.model.ListenerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** OCSP with the openssl program as responder and as client. */
class StaplingTest {
    @TempDir private Path directory;

    @SuppressWarnings("NullAway.Init") // made before each test
    private TestCertificates ca;

    private int port;
    private Optional<Process> responder = Optional.empty();
    private Optional<TlsServer> server = Optional.empty();
    private Optional<Certificates> read = Optional.empty();
    private final Stapling stapling = new Stapling();

    @BeforeEach
    void makeCertificates() throws IOException {
        ca = new TestCertificates(directory);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ca.pair("site", "ec", "site.example");
        sign("site");
        ca.write("index.txt", "");
        ca.write(
                "ca.conf",
                """
                [ca]
                default_ca = here
                [here]
                database = index.txt
                default_md = sha256
                private_key = ca.key
                certificate = ca.crt
                """);
    }

    /** With the address of the responder in it. */
    private void sign(String name) {
        ca.write(
                name + ".ext",
                "subjectAltName=DNS:site.example\nauthorityInfoAccess=caIssuers;URI:http://127.0.0.1:1/ca,OCSP;URI:http://127.0.0.1:%d/ocsp\n"
                        .formatted(port));
        ca.openssl(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "30",
                "-extfile",
                name + ".ext",
                "-out",
                name + ".own");
        ca.write(name + ".crt", ca.read(name + ".own") + ca.read("ca.crt"));
    }

    @AfterEach
    void stop() {
        stapling.close();
        server.ifPresent(TlsServer::close);
        responder.ifPresent(Process::destroyForcibly);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONSCRYPT", "TCNATIVE"})
    void aGoodAnswerIsStapledAndClientsBelieveIt(Engine engine) throws Exception {
        ca.openssl("ca", "-config", "ca.conf", "-valid", "site.own");
        respond("ca");
        ServerTls tls = ready(engine, true, Optional.empty());
        assertThat(status("-tls1_3")).contains("OCSP response: no response sent");

        assertThat(awaitNews(tls))
                .isInstanceOfSatisfying(
                        CertificateEvent.Stapled.class,
                        stapled ->
                                assertThat(stapled.until())
                                        .isAfter(Instant.now().plus(Duration.ofMinutes(8))));

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(status(version))
                    .contains("OCSP Response Status: successful (0x0)", "Cert Status: good");
        }
        assertThat(stapling.look(List.of(tls), Instant.now())).isEmpty();
        List<Identity> reloaded = ready(engine, true, Optional.of(tls)).stapled();
        assertThat(reloaded.getFirst().staple().response()).as("over a reload").isNotNull();
    }

    @Test
    void whoDoesNotWantItStaplesNothing() throws Exception {
        assertThat(ready(false, Optional.empty()).stapled()).isEmpty();
    }

    @Test
    void aRevokedCertificateIsSaidAndNothingStapled() throws Exception {
        ca.openssl("ca", "-config", "ca.conf", "-valid", "site.own");
        ca.openssl("ca", "-config", "ca.conf", "-revoke", "site.own");
        respond("ca");
        ServerTls tls = ready(true, Optional.empty());

        assertThat(awaitNews(tls)).isInstanceOf(CertificateEvent.Revoked.class);
        assertThat(status("-tls1_3")).contains("OCSP response: no response sent");
    }

    @Test
    void anAnswerThatSomebodyElseSignedIsNotStapled() throws Exception {
        ca.openssl("ca", "-config", "ca.conf", "-valid", "site.own");
        ca.pair("other", "ec", "other.example");
        respond("other");

        assertThat(awaitNews(ready(true, Optional.empty())))
                .isInstanceOfSatisfying(
                        CertificateEvent.NotStapled.class, not -> assertThat(not.kept()).isFalse());
        assertThat(status("-tls1_3")).contains("OCSP response: no response sent");
    }

    @Test
    void aResponderThatIsNotThereIsSaidOnce() throws Exception {
        ServerTls tls = ready(true, Optional.empty());

        assertThat(awaitNews(tls))
                .isInstanceOfSatisfying(
                        CertificateEvent.NotStapled.class,
                        not ->
                                assertThat(not.why())
                                        .startsWith("http://127.0.0.1:%d/ocsp: ".formatted(port)));

        Identity identity = tls.stapled().getFirst();
        stapling.look(List.of(tls), Instant.now().plus(Duration.ofMinutes(2)));
        await("the second failure", () -> identity.staple().failures() == 2);
        assertThat(stapling.look(List.of(tls), Instant.now())).isEmpty();
    }

    @Test
    void aQuestionThatNobodyCanAskIsOverToo() throws Exception {
        Identity identity = ready(true, Optional.empty()).stapled().getFirst();
        Staple.Question good = identity.staple().due(Instant.now()).orElseThrow();

        stapling.fetch(
                identity,
                new Staple.Question(
                        URI.create("ftp://ca.example/ocsp"), good.certificate(), good.issuer()));

        assertThat(identity.staple().due(Instant.now().plus(Duration.ofMinutes(2)))).isPresent();
    }

    @Test
    void theLastAnswerIsKeptWhileItHoldsAndTheNextAskedForInTime() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Staple staple = new Staple(chain());
        assertThat(staple.due(now)).isPresent();
        assertThat(staple.due(now)).as("it is being asked").isEmpty();
        byte[] response = {1};
        staple.answered(response, now.plus(Duration.ofHours(10)), now);

        assertThat(staple.due(now.plus(Duration.ofHours(4)))).isEmpty();
        assertThat(staple.due(now.plus(Duration.ofHours(5)))).isPresent();
        staple.failed(true, now.plus(Duration.ofHours(5)));
        assertThat(staple.response()).isEqualTo(response);
        assertThat(staple.due(now.plus(Duration.ofHours(5)).plusSeconds(59))).isEmpty();
        assertThat(staple.due(now.plus(Duration.ofHours(5)).plusSeconds(60))).isPresent();
        staple.failed(true, now.plus(Duration.ofHours(9)));
        assertThat(staple.due(now.plus(Duration.ofHours(10)))).isPresent();
        assertThat(staple.response()).as("nobody believes it any more").isNull();

        Instant later = now.plus(Duration.ofHours(20));
        staple.answered(response, later.plus(Duration.ofHours(2)), later);
        assertThat(staple.due(later.plus(Duration.ofHours(1)))).isPresent();
        assertThat(staple.due(later.plus(Duration.ofHours(2)))).as("is being asked").isEmpty();
        assertThat(staple.response()).as("no longer while it is asked for").isNull();
    }

    @Test
    void whatNamesNoResponderOrHasNoIssuerIsNotAskedAbout() {
        List<X509Certificate> chain = chain();
        assertThat(new Staple(chain.subList(0, 1)).due(Instant.now())).isEmpty();
        assertThat(new Staple(chain.reversed()).due(Instant.now())).isEmpty();
    }

    @Test
    void garbageIsNoAnswer() {
        List<X509Certificate> chain = chain();
        for (byte[] garbage :
                List.of(new byte[0], new byte[100], new byte[] {0x30, 3, 0x0a, 1, 6})) {
            assertThat(Ocsp.judge(garbage, chain.get(0), chain.get(1)))
                    .isInstanceOf(Ocsp.Verdict.Unusable.class);
        }
    }

    private List<X509Certificate> chain() {
        IdentityFiles files = new IdentityFiles(null, Instant.now());
        return files.read(
                        Part.of(
                                new Certificate.Pair(
                                        "site", ca.file("site.crt"), ca.file("site.key"))))
                .orElseThrow()
                .chain();
    }

    private CertificateEvent awaitNews(ServerTls tls) {
        List<CertificateEvent> news = new ArrayList<>();
        await(
                "what came of asking",
                () -> {
                    news.addAll(stapling.look(List.of(tls), Instant.now()));
                    return !news.isEmpty();
                });
        assertThat(news).hasSize(1);
        return news.getFirst();
    }

    private static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(deadline - System.nanoTime()).as(what).isPositive();
            Thread.onSpinWait();
        }
    }

    /** Starts the responder and waits until it listens. */
    private void respond(String signer) throws IOException {
        Process started =
                new ProcessBuilder(
                                "openssl",
                                "ocsp",
                                "-port",
                                String.valueOf(port),
                                "-index",
                                "index.txt",
                                "-CA",
                                "ca.crt",
                                "-rsigner",
                                signer.equals("ca") ? "ca.crt" : signer + ".own",
                                "-rkey",
                                signer + ".key",
                                "-nmin",
                                "10")
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("ocsp.log").toFile())
                        .start();
        responder = Optional.of(started);
        await(
                "the responder",
                () -> {
                    assertThat(started.isAlive()).isTrue();
                    return ca.read("ocsp.log").contains("waiting for OCSP client connections");
                });
    }

    private ServerTls ready(boolean ocsp, Optional<ServerTls> before) {
        return ready(Engine.CONSCRYPT, ocsp, before);
    }

    private ServerTls ready(Engine engine, boolean ocsp, Optional<ServerTls> before) {
        ListenerTls settings =
                engine.with(
                        new ListenerTls(
                                List.of("site"),
                                ListenerTls.Policy.INTERMEDIATE,
                                Optional.empty(),
                                List.of("http/1.1"),
                                ListenerTls.UnknownNames.DEFAULT,
                                Optional.empty(),
                                ocsp,
                                Optional.empty()));
        Certificates certificates =
                Certificates.read(
                        Map.of(
                                "site",
                                new Certificate.Pair(
                                        "site", ca.file("site.crt"), ca.file("site.key"))),
                        settings.certificates(),
                        Instant.now(),
                        read);
        assertThat(certificates.problems()).isEmpty();
        read = Optional.of(certificates);
        Loading<ServerTls> loading =
                ServerTls.load(
                        "tls",
                        settings,
                        certificates,
                        Optional.of(Engine.PEERS),
                        Instant.now(),
                        before);
        ServerTls tls = ((Loading.Ready<ServerTls>) loading).tls();
        if (before.isEmpty()) {
            server = Optional.of(new TlsServer(tls));
        }
        return tls;
    }

    private String status(String version) throws InterruptedException {
        String said =
                ca.run(
                        "",
                        List.of(
                                "timeout",
                                "20",
                                "openssl",
                                "s_client",
                                "-connect",
                                "127.0.0.1:" + server.orElseThrow().port,
                                "-CAfile",
                                "ca.crt",
                                "-status",
                                version));
        assertThat(server.orElseThrow().outcome()).isInstanceOf(TlsOutcome.Established.class);
        return said;
    }
}

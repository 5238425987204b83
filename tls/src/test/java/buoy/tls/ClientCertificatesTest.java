package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Certificate;
import buoy.config.model.ListenerTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mutual TLS with the openssl program as the client, with both providers. */
class ClientCertificatesTest {
    @TempDir private static Path directory;
    private static TestCertificates ca;
    private static Certificate.Pair site;

    @SuppressWarnings("NullAway.Init") // every test starts its own
    private TlsServer server;

    @BeforeAll
    static void makeCertificates() {
        ca = new TestCertificates(directory);
        site = ca.pair("site", "ec", "site.example");
        ca.pair("good", "ec");
        ca.pair("rsa", "rsa");
        ca.pair("bad", "ec");
        ca.pair("past", "ec");
        ca.write("index.txt", "");
        ca.write("serial", "1000\n");
        ca.write(
                "ca.conf",
                """
                [ca]
                default_ca = here
                [here]
                database = index.txt
                serial = serial
                new_certs_dir = .
                default_md = sha256
                default_crl_days = 30
                policy = any
                private_key = ca.key
                certificate = ca.crt
                [any]
                commonName = supplied
                """);
        ca.openssl(
                "ca",
                "-batch",
                "-config",
                "ca.conf",
                "-in",
                "past.csr",
                "-out",
                "past.crt",
                "-startdate",
                "20200101000000Z",
                "-enddate",
                "20210101000000Z");
        revocations("none.crl");
        ca.openssl("ca", "-config", "ca.conf", "-revoke", "bad.own");
        revocations("bad.crl");
        ca.openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                "stranger.key",
                "-out",
                "stranger.crt",
                "-subj",
                "/CN=stranger");
    }

    private static void revocations(String file) {
        ca.openssl("ca", "-config", "ca.conf", "-gencrl", "-out", file);
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
    void whoShowsACertificateOfTheAuthorityComesInByName(Engine engine) throws Exception {
        start(engine, true, Optional.of("bad.crl"));

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(ask(version, "good")).contains("hello");
            assertThat(subject()).contains("CN=good");
            assertThat(ask(version, "rsa")).contains("hello");
            assertThat(subject()).contains("CN=rsa");
        }
        assertThat(ask("-tls1_3", "good")).contains("CN = test authority");
        assertThat(subject()).contains("CN=good");
        assertThat(server.nothingMore()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void everyOtherIsRefusedForItsReason(Engine engine) throws Exception {
        start(engine, true, Optional.of("bad.crl"));

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(ask(version, "past")).doesNotContain("hello");
            assertThat(reason()).isEqualTo(TlsOutcome.Reason.CLIENT_CERTIFICATE_EXPIRED);
            assertThat(ask(version, "bad")).doesNotContain("hello");
            assertThat(reason()).isEqualTo(TlsOutcome.Reason.CLIENT_CERTIFICATE_REVOKED);
            assertThat(ask(version, "stranger")).doesNotContain("hello");
            assertThat(reason()).isEqualTo(TlsOutcome.Reason.CLIENT_CERTIFICATE_UNTRUSTED);
            assertThat(request(version)).doesNotContain("hello");
            assertThat(reason()).isEqualTo(TlsOutcome.Reason.CLIENT_CERTIFICATE_MISSING);
        }
        assertThat(server.nothingMore()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whereItIsOptionalNoneIsLetInWithoutANameAndABadOneIsNot(Engine engine) throws Exception {
        start(engine, false, Optional.empty());

        assertThat(request()).contains("hello");
        assertThat(subject()).isEmpty();
        assertThat(ask("-tls1_3", "good")).contains("hello");
        assertThat(subject()).contains("CN=good");
        assertThat(ask("-tls1_3", "stranger")).doesNotContain("hello");
        assertThat(reason()).isEqualTo(TlsOutcome.Reason.CLIENT_CERTIFICATE_UNTRUSTED);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONSCRYPT", "TCNATIVE"})
    void withoutAListOfItsAuthorityNobodyIsBelieved(Engine engine) throws Exception {
        start(engine, true, Optional.of("none.crl"));
        assertThat(ask("-tls1_3", "good")).contains("hello");
        assertThat(subject()).contains("CN=good");
        server.close();

        ca.write("both.pem", ca.read("ca.crt") + ca.read("stranger.crt"));
        ListenerTls.ClientCertificates client =
                new ListenerTls.ClientCertificates(
                        ca.file("both.pem"), true, Optional.of(ca.file("none.crl")));
        server = new TlsServer(ready(engine, client, Optional.empty()));
        assertThat(ask("-tls1_3", "stranger")).doesNotContain("hello");
        assertThat(reason()).isEqualTo(TlsOutcome.Reason.CLIENT_CERTIFICATE_REVOKED);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONSCRYPT", "TCNATIVE"})
    void aChangedListCountsForWhoResumesToo(Engine engine) throws Exception {
        Files.writeString(ca.file("live.crl"), ca.read("none.crl"));
        ServerTls tls =
                ready(
                        engine,
                        new ListenerTls.ClientCertificates(
                                ca.file("ca.crt"), true, Optional.of(ca.file("live.crl"))),
                        Optional.empty());
        server = new TlsServer(tls);
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(ask(version, "bad", "-sess_out", "kept" + version)).contains("hello");
            assertThat(subject()).contains("CN=bad");
            assertThat(ask(version, "bad", "-sess_in", "kept" + version))
                    .contains("hello", "Reused, TLSv1");
            assertThat(subject()).as("of a session that is resumed").contains("CN=bad");
        }
        Files.writeString(ca.file("live.crl"), ca.read("bad.crl"));
        Files.setLastModifiedTime(
                ca.file("live.crl"), FileTime.from(Instant.now().plus(Duration.ofSeconds(1))));
        assertThat(tls.look(Instant.now(), false)).isEmpty();

        assertThat(tls.look(Instant.now(), false))
                .containsExactly(new CertificateEvent.Trusted("tls.client"));

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(ask(version, "bad", "-sess_in", "kept" + version)).doesNotContain("hello");
            assertThat(reason()).isEqualTo(TlsOutcome.Reason.CLIENT_CERTIFICATE_REVOKED);
            assertThat(ask(version, "good")).contains("hello");
            assertThat(subject()).contains("CN=good");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListThatIsOverIsOverForWhoResumesToo(Engine engine) throws Exception {
        // A slow machine gets a longer list.
        for (int seconds = 3; !beginsUnderAList(engine, seconds); seconds *= 2) {
            assertThat(seconds).isLessThan(25);
        }

        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (ask("-tls1_2", "good", "-sess_in", "short").contains("hello")) {
            assertThat(subject()).contains("CN=good");
            assertThat(deadline - System.nanoTime()).as("the list's end").isPositive();
        }
        assertThat(reason()).isEqualTo(TlsOutcome.Reason.CLIENT_CERTIFICATE_REVOKED);
    }

    /** False if the list was over before a session began and was resumed. */
    private boolean beginsUnderAList(Engine engine, int seconds) throws Exception {
        stop();
        ca.openssl(
                "ca",
                "-config",
                "ca.conf",
                "-gencrl",
                "-crlsec",
                "" + seconds,
                "-out",
                "short.crl");
        start(engine, true, Optional.of("short.crl"));
        if (!ask("-tls1_2", "good", "-sess_out", "short").contains("hello")) {
            return false;
        }
        assertThat(subject()).contains("CN=good");
        String resumed = ask("-tls1_2", "good", "-sess_in", "short");
        if (!resumed.contains("hello")) {
            return false;
        }
        assertThat(subject()).contains("CN=good");
        assertThat(resumed).contains("Reused, TLSv1");
        return true;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "issuingDistributionPoint=critical,onlyCA:TRUE",
                "issuingDistributionPoint=onlyCA:TRUE",
                "issuingDistributionPoint=critical,onlyAA:TRUE",
                "issuingDistributionPoint=critical,indirectCRL:TRUE",
                "issuingDistributionPoint=critical,onlysomereasons:keyCompromise",
                "issuingDistributionPoint=critical,onlyuser:TRUE,fullname:URI:http://list.example/1",
                "1.2.3.4=critical,ASN1:NULL",
            })
    void aListThatLeavesOutAnythingIsNoList(String extension) {
        assertThat(problems("ca.crt", Optional.of(listWith(extension))))
                .singleElement()
                .asString()
                .containsAnyOf(
                        "list 1 tells of a part of the certificates or reasons alone",
                        "list 1 has a critical extension that is not understood, 1.2.3.4 (");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "issuingDistributionPoint=critical,onlyuser:TRUE",
                "authorityKeyIdentifier=keyid",
                "1.2.3.4=ASN1:NULL",
            })
    void aListOfUsersIsAsGoodAsTheWhole(String extension) throws Exception {
        start(Engine.CONSCRYPT, true, Optional.of(listWith(extension)));
        assertThat(ask("-tls1_3", "good")).contains("hello");
        assertThat(subject()).contains("CN=good");
        assertThat(ask("-tls1_3", "bad")).doesNotContain("hello");
        assertThat(reason()).isEqualTo(TlsOutcome.Reason.CLIENT_CERTIFICATE_REVOKED);
    }

    /** The list of the bad one. */
    private static String listWith(String extension) {
        ca.write("scoped.conf", ca.read("ca.conf") + "[scope]\n" + extension + "\n");
        ca.openssl(
                "ca",
                "-config",
                "scoped.conf",
                "-gencrl",
                "-crlexts",
                "scope",
                "-out",
                "scoped.crl");
        return "scoped.crl";
    }

    @Test
    void brokenFilesKeepTheOldOnesAndSaySoOnce() throws Exception {
        Files.writeString(ca.file("live.pem"), ca.read("ca.crt"));
        ServerTls tls =
                ready(
                        Engine.CONSCRYPT,
                        new ListenerTls.ClientCertificates(
                                ca.file("live.pem"), true, Optional.empty()),
                        Optional.empty());
        server = new TlsServer(tls);
        Files.writeString(ca.file("live.pem"), "nothing");
        List<CertificateEvent> news = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            news.addAll(tls.look(Instant.now(), false));
        }

        assertThat(news).singleElement().isInstanceOf(CertificateEvent.Broken.class);
        assertThat(ask("-tls1_3", "good")).contains("hello");
        assertThat(subject()).contains("CN=good");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONSCRYPT", "TCNATIVE"})
    void aReloadThatAsksForCertificatesIsNotPassedByResuming(Engine engine) throws Exception {
        ServerTls before = ready(engine, Optional.empty(), Optional.empty());
        server = new TlsServer(before);
        assertThat(request("-sess_out", "open")).contains("hello");
        assertThat(subject()).isEmpty();
        server.close();

        server =
                new TlsServer(
                        ready(
                                engine,
                                Optional.of(
                                        new ListenerTls.ClientCertificates(
                                                ca.file("ca.crt"), true, Optional.empty())),
                                Optional.of(before)));
        assertThat(request("-sess_in", "open")).doesNotContain("hello");
        assertThat(reason()).isEqualTo(TlsOutcome.Reason.CLIENT_CERTIFICATE_MISSING);
    }

    @Test
    void whatIsWrongWithTheFilesIsSaidAtOnce() {
        ca.write("broken.crl", "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n");
        assertThat(problems("none.pem", Optional.of("broken.crl")))
                .satisfiesExactly(
                        ca ->
                                assertThat(ca)
                                        .startsWith("tls.client.ca: ")
                                        .endsWith("none.pem: there is no such file"),
                        crl ->
                                assertThat(crl)
                                        .startsWith("tls.client.crl: ")
                                        .contains("broken.crl: list 1 is broken ("));
        assertThat(problems("stranger.crt", Optional.of("none.crl")))
                .singleElement()
                .asString()
                .contains("the list of CN=test authority is signed by no authority in");
        assertThat(problems("ca.crt", Optional.of("ca.crt")))
                .singleElement()
                .asString()
                .contains("no list in it");
    }

    @Test
    void aSubjectStaysInItsLine() {
        assertThat(ClientSubject.text(new X500Principal("CN=\"a\r\nX: b\",O=Bücher")))
                .isEqualTo("CN=a\\0D\\0AX: b,O=B\\C3\\BCcher");
    }

    private void start(Engine engine, boolean require, Optional<String> crl) {
        server =
                new TlsServer(
                        ready(
                                engine,
                                new ListenerTls.ClientCertificates(
                                        ca.file("ca.crt"), require, crl.map(ca::file)),
                                Optional.empty()));
    }

    private static ServerTls ready(
            Engine engine, ListenerTls.ClientCertificates client, Optional<ServerTls> before) {
        return ready(engine, Optional.of(client), before);
    }

    private static ServerTls ready(
            Engine engine,
            Optional<ListenerTls.ClientCertificates> client,
            Optional<ServerTls> before) {
        Loading<ServerTls> loading = load(engine, client, before);
        assertThat(loading).isInstanceOf(Loading.Ready.class);
        return ((Loading.Ready<ServerTls>) loading).tls();
    }

    private static List<String> problems(String authorities, Optional<String> crl) {
        Loading<ServerTls> loading =
                load(
                        Engine.CONSCRYPT,
                        Optional.of(
                                new ListenerTls.ClientCertificates(
                                        ca.file(authorities), true, crl.map(ca::file))),
                        Optional.empty());
        return ((Loading.Refused<ServerTls>) loading)
                .problems().stream().map(Finding::toString).toList();
    }

    private static Loading<ServerTls> load(
            Engine engine,
            Optional<ListenerTls.ClientCertificates> client,
            Optional<ServerTls> before) {
        ListenerTls settings =
                new ListenerTls(
                        List.of("site"),
                        ListenerTls.Policy.INTERMEDIATE,
                        Optional.empty(),
                        List.of("http/1.1"),
                        ListenerTls.UnknownNames.DEFAULT,
                        client,
                        true,
                        Optional.empty());
        Certificates certificates =
                Certificates.read(
                        Map.of("site", site),
                        settings.certificates(),
                        Instant.now(),
                        Optional.empty(),
                        engine.provider());
        return ServerTls.load(
                "tls",
                engine.with(settings),
                certificates,
                Optional.of(Engine.PEERS),
                Instant.now(),
                before);
    }

    private Optional<String> subject() throws InterruptedException {
        return ((TlsOutcome.Established) server.outcome()).clientSubject();
    }

    private TlsOutcome.Reason reason() throws InterruptedException {
        return ((TlsOutcome.Failed) server.outcome()).reason();
    }

    private String ask(String version, String shown, String... more) {
        List<String> all =
                new ArrayList<>(List.of(version, "-cert", shown + ".crt", "-key", shown + ".key"));
        all.addAll(List.of(more));
        return request(all.toArray(String[]::new));
    }

    /** What the client and the server said. */
    private String request(String... options) {
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
                                "ca.crt",
                                "-ign_eof"));
        command.addAll(List.of(options));
        return ca.run("GET / HTTP/1.1\r\n\r\n", command);
    }
}

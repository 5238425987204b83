package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Certificate;
import buoy.config.model.ListenerTls;
import buoy.config.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two hosts, which only know the same secret, with openssl's client going from one to the other.
 */
class SharedTicketsTest {
    private static final Duration ROTATE = Duration.ofHours(1);

    @TempDir private static Path directory;
    private static TestCertificates ca;
    private static Certificate.Pair site;
    private static Certificate.Pair other;
    private final List<TlsServer> servers = new ArrayList<>();

    private Path keysFile = directory;
    private Instant begun = Instant.EPOCH;

    @BeforeAll
    static void makeCertificates() {
        ca = new TestCertificates(directory);
        site = ca.pair("site", "ec", "site.example");
        other = ca.pair("other", "rsa", "other.example");
    }

    @BeforeEach
    void makeKeys() throws IOException {
        keysFile = directory.resolve("tickets.keys");
        write(key(1));
        begun = Instant.now();
    }

    @AfterEach
    void stop() {
        servers.forEach(TlsServer::close);
    }

    private static String key(int number) {
        byte[] key = new byte[48];
        key[0] = (byte) number;
        return Base64.getEncoder().encodeToString(key);
    }

    private void write(String... keys) throws IOException {
        Path fresh = directory.resolve("fresh.keys");
        Files.write(fresh, List.of(keys));
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        Files.move(
                fresh,
                keysFile,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    private static ListenerTls settings(
            Optional<Path> keysFile, Optional<ListenerTls.ClientCertificates> client) {
        return new ListenerTls(
                List.of("site", "other"),
                ListenerTls.Policy.INTERMEDIATE,
                Optional.empty(),
                List.of("h2", "http/1.1"),
                ListenerTls.UnknownNames.DEFAULT,
                client,
                true,
                Optional.of(new ListenerTls.Tickets(keysFile, ROTATE)));
    }

    private Loading<ServerTls> load(String path, ListenerTls settings, String peers) {
        return ServerTls.load(
                path,
                settings,
                Certificates.read(
                        Map.of("site", site, "other", other),
                        settings.certificates(),
                        begun,
                        Optional.empty()),
                Optional.of(new Secret(peers)),
                begun,
                Optional.empty());
    }

    private ServerTls host(String path, ListenerTls settings, String peers) {
        Loading<ServerTls> loading = load(path, settings, peers);
        assertThat(loading).isInstanceOf(Loading.Ready.class);
        return ((Loading.Ready<ServerTls>) loading).tls();
    }

    private ServerTls host() {
        return host("web", settings(Optional.of(keysFile), Optional.empty()), "none");
    }

    private int serve(ServerTls tls) {
        TlsServer server = new TlsServer(tls);
        servers.add(server);
        return server.port;
    }

    private void begin(int port, String version) {
        assertThat(request(port, version, "-sess_out", "session")).contains("New, TLSv1");
    }

    private boolean resumes(int port, String version) {
        String said = request(port, version, "-sess_in", "session");
        assertThat(said).contains("hello").containsPattern("(New|Reused), TLSv1");
        return said.contains("Reused, TLSv1");
    }

    private static String request(int port, String... options) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "timeout",
                                "20",
                                "openssl",
                                "s_client",
                                "-connect",
                                "127.0.0.1:" + port,
                                "-CAfile",
                                "ca.crt",
                                "-ign_eof"));
        command.addAll(List.of(options));
        return ca.run("GET / HTTP/1.1\r\n\r\n", command);
    }

    private static List<CertificateEvent> lookTwice(ServerTls tls, Instant now) {
        List<CertificateEvent> news = new ArrayList<>(tls.look(now, false));
        news.addAll(tls.look(now, false));
        return news;
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void whatOneHostBeginsTheOtherResumes(String version) {
        int first = serve(host());
        int second = serve(host());

        begin(first, version);

        assertThat(resumes(second, version)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void whatPeersShareWillDo(String version) {
        ListenerTls settings = settings(Optional.empty(), Optional.empty());
        int first = serve(host("web", settings, "one secret"));
        int second = serve(host("web", settings, "one secret"));
        int stranger = serve(host("web", settings, "another"));

        begin(first, version);

        assertThat(resumes(second, version)).isTrue();
        assertThat(resumes(stranger, version)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aTicketOutlivesOnePeriodAndNotTwo(String version) {
        ServerTls tls = host();
        int port = serve(tls);
        begin(port, version);

        tls.look(begun.plus(ROTATE), false);
        assertThat(resumes(port, version)).isTrue();

        tls.look(begun.plus(ROTATE.multipliedBy(2)), false);
        assertThat(resumes(port, version)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aChangedFileIsUsedAndABrokenOneIsNot(String version) throws Exception {
        ServerTls tls = host();
        int port = serve(tls);
        begin(port, version);

        write(key(2), key(1));
        assertThat(lookTwice(tls, begun))
                .containsExactly(new CertificateEvent.TicketKeys("web.tickets.keys-file"));
        assertThat(resumes(port, version)).isTrue();
        begin(port, version);

        write("no key");
        assertThat(lookTwice(tls, begun))
                .singleElement()
                .isInstanceOfSatisfying(
                        CertificateEvent.Broken.class,
                        broken -> {
                            assertThat(broken.kept()).isTrue();
                            assertThat(broken.why().message())
                                    .contains("line 1 is not base64")
                                    .doesNotContain("no key");
                        });
        assertThat(resumes(port, version)).isTrue();

        write(key(3));
        assertThat(lookTwice(tls, begun)).hasSize(1);
        assertThat(resumes(port, version)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void whoWasLetInByOneListenerIsNotByAnother(String version) {
        ListenerTls open = settings(Optional.of(keysFile), Optional.empty());
        ListenerTls asking =
                settings(
                        Optional.of(keysFile),
                        Optional.of(
                                new ListenerTls.ClientCertificates(
                                        ca.file("ca.crt"), true, Optional.empty())));
        int first = serve(host("web", open, "none"));
        int second = serve(host("other", open, "none"));
        int third = serve(host("web", asking, "none"));

        begin(first, version);

        assertThat(resumes(second, version)).isFalse();
        assertThat(request(third, version, "-sess_in", "session"))
                .doesNotContain("Reused")
                .doesNotContain("hello");
    }

    /** RFC 8446 8, RFC 8470: it could be said again by anybody who heard it. Of both libraries. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void earlyDataIsNeverTaken(boolean shared) throws IOException {
        Files.writeString(ca.file("early"), "GET /early HTTP/1.1\r\n\r\n");
        ServerTls tls =
                shared
                        ? host()
                        : host(
                                "web",
                                new ListenerTls(
                                        List.of("site", "other"),
                                        ListenerTls.Policy.INTERMEDIATE,
                                        Optional.empty(),
                                        List.of("h2", "http/1.1"),
                                        ListenerTls.UnknownNames.DEFAULT,
                                        Optional.empty(),
                                        true,
                                        Optional.empty()),
                                "none");
        int port = serve(tls);
        begin(port, "-tls1_3");

        assertThat(request(port, "-tls1_3", "-sess_in", "session", "-early_data", "early"))
                .contains("hello")
                .containsPattern("Early data was (not sent|rejected)")
                .doesNotContain("Early data was accepted");
    }

    @Test
    void aFileThatOthersMayReadIsDoubtful() throws IOException {
        Files.setPosixFilePermissions(keysFile, PosixFilePermissions.fromString("rw-r-----"));

        Loading<ServerTls> loading =
                load("web", settings(Optional.of(keysFile), Optional.empty()), "none");

        assertThat(((Loading.Ready<ServerTls>) loading).warnings())
                .singleElement()
                .asString()
                .startsWith("web.tickets.keys-file: " + keysFile)
                .contains("chmod 600");
    }

    @Test
    void aFileThatIsMissingIsAProblem() {
        Loading<ServerTls> loading =
                load("web", settings(Optional.of(ca.file("none")), Optional.empty()), "none");

        assertThat(((Loading.Refused<ServerTls>) loading).problems())
                .singleElement()
                .asString()
                .contains("there is no such file");
    }
}

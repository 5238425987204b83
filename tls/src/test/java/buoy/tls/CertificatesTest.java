package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates whose files change while they are shown. */
class CertificatesTest {
    /** When the certificates have been made. */
    private final Instant now = Instant.now().plusSeconds(60);

    @TempDir private static Path made;
    private static TestCertificates ca;
    @TempDir private Path sites;

    @BeforeAll
    static void makeCertificates() {
        ca = new TestCertificates(made);
        ca.pair("a", "ec", "a.example");
        ca.pair("b", "ec", "b.example");
        ca.pair("c", "rsa", "c.example");
    }

    @BeforeEach
    void fill() throws IOException {
        put("a.crt", "a.crt");
        put("a.key", "a.key");
    }

    @Test
    void aDirectoryGivesEveryPairAndBundleInIt() throws IOException {
        put("b.pem", "b.crt");
        put("b.key", "b.key");
        Files.writeString(sites.resolve("c.pem"), ca.read("c.key") + ca.read("c.crt"));
        put(".d.crt", "a.crt");
        put("README", "a.crt");
        put("a.csr", "a.csr");

        Certificates all = read();

        assertThat(all.warnings()).isEmpty();
        assertThat(shown(all))
                .containsExactly("all/a a.example", "all/b b.example", "all/c c.example");
    }

    @Test
    void aBrokenPairOfManyIsAWarningAndLeavesTheOthers() throws IOException {
        put("b.crt", "b.crt");
        put("c.key", "c.key");

        Certificates all = read();

        assertThat(shown(all)).containsExactly("all/a a.example");
        assertThat(all.problems()).isEmpty();
        assertThat(all.warnings())
                .extracting(Finding::toString)
                .containsExactly(
                        "certificates.all.directory: %s/b.key: there is no such file"
                                .formatted(sites),
                        "certificates.all.directory: %s/c.crt: there is no such file"
                                .formatted(sites));
    }

    @Test
    void aDirectoryThatIsNotThereIsAProblemAndAnEmptyOneIsNot() throws IOException {
        Files.delete(sites.resolve("a.crt"));
        Files.delete(sites.resolve("a.key"));
        assertThat(read().warnings())
                .singleElement()
                .asString()
                .contains("no certificate in it yet");

        assertThat(read(sites.resolve("none"), Optional.empty()).problems())
                .singleElement()
                .asString()
                .endsWith("/none: there is no such directory");
    }

    @Test
    void filesThatComeAreShownOnceTheyHaveSettled() throws IOException {
        Certificates all = read();
        put("b.crt", "b.crt");
        assertThat(all.look(now)).isEmpty();
        put("b.key", "b.key");
        assertThat(all.look(now)).isEmpty();

        assertThat(all.look(now))
                .singleElement()
                .isInstanceOfSatisfying(
                        CertificateEvent.Shown.class,
                        event -> {
                            assertThat(event.certificate()).isEqualTo("all/b");
                            assertThat(event.isNew()).isTrue();
                        });
        assertThat(shown(all)).containsExactly("all/a a.example", "all/b b.example");
        assertThat(all.look(now)).isEmpty();
    }

    @Test
    void aChangedPairTakesThePlaceOfTheOldOne() throws IOException {
        Certificates all = read();
        put("a.crt", "b.crt");
        put("a.key", "b.key");

        assertThat(twoLooks(all))
                .singleElement()
                .isInstanceOfSatisfying(
                        CertificateEvent.Shown.class, event -> assertThat(event.isNew()).isFalse());
        assertThat(shown(all)).containsExactly("all/a b.example");
    }

    @Test
    void aBrokenPairKeepsTheOldOneAndSaysSoOnce() throws IOException {
        Certificates all = read();
        put("a.crt", "b.crt");

        assertThat(twoLooks(all))
                .singleElement()
                .isInstanceOfSatisfying(
                        CertificateEvent.Broken.class,
                        event -> {
                            assertThat(event.kept()).isTrue();
                            assertThat(event.why().message()).contains("does not belong");
                        });
        assertThat(twoLooks(all)).isEmpty();
        assertThat(shown(all)).containsExactly("all/a a.example");

        assertThat(shown(read(sites, Optional.of(all))))
                .as("over a reload")
                .containsExactly("all/a a.example");

        put("a.key", "b.key");
        assertThat(twoLooks(all)).hasSize(1);
        assertThat(shown(all)).containsExactly("all/a b.example");
    }

    @Test
    void filesThatGoAreShownNoMoreTheLastAside() throws IOException {
        put("b.crt", "b.crt");
        put("b.key", "b.key");
        Certificates all = read();
        Files.delete(sites.resolve("a.crt"));
        Files.delete(sites.resolve("a.key"));
        assertThat(twoLooks(all)).containsExactly(new CertificateEvent.Withdrawn("all/a"));
        assertThat(shown(all)).containsExactly("all/b b.example");

        Files.delete(sites.resolve("b.crt"));
        Files.delete(sites.resolve("b.key"));
        assertThat(twoLooks(all)).isEmpty();
        assertThat(shown(all)).containsExactly("all/b b.example");
    }

    @Test
    void aDirectoryThatVanishesKeepsWhatItHeldAndSaysSoOnce() throws IOException {
        Certificates all = read();
        Files.move(sites, made.resolve("moved"));

        assertThat(twoLooks(all)).singleElement().isInstanceOf(CertificateEvent.Unlisted.class);
        assertThat(shown(all)).containsExactly("all/a a.example");

        Files.move(made.resolve("moved"), sites);
        assertThat(twoLooks(all)).isEmpty();
    }

    @Test
    void aPairByItselfIsFollowedThroughALink() throws IOException {
        Path chain = Files.createSymbolicLink(sites.resolve("live.crt"), ca.file("a.crt"));
        Path key = Files.createSymbolicLink(sites.resolve("live.key"), ca.file("a.key"));
        Certificates one =
                Certificates.read(
                        Map.of("site", new Certificate.Pair("site", chain, key)),
                        List.of("site"),
                        now,
                        Optional.empty());
        Files.delete(chain);
        Files.delete(key);
        assertThat(twoLooks(one)).isNotEmpty().allMatch(CertificateEvent.Broken.class::isInstance);
        Files.createSymbolicLink(chain, ca.file("c.crt"));
        Files.createSymbolicLink(key, ca.file("c.key"));

        assertThat(twoLooks(one)).hasSize(1);
        assertThat(one.shown("site").getFirst().names()).containsExactly("c.example");
    }

    @Test
    void theEndOfACertificateIsToldInSteps() {
        Certificates all = read();
        Instant end = all.shown("all").getFirst().notAfter();
        List<Integer> told = new ArrayList<>();
        for (int hours = 60 * 24; hours >= -48; hours--) {
            for (CertificateEvent event : all.look(end.minus(Duration.ofHours(hours)))) {
                told.add(((CertificateEvent.Ending) event).days());
            }
        }

        assertThat(told).containsExactly(30, 14, 3, 0);
    }

    @Test
    void whatIsOrderedMayComeLaterAndIsShownAtTheFirstLook() throws IOException {
        Certificate.Acme acme = ordered(sites.resolve("mine").resolve("auto.pem"), "c.example");
        Certificates all =
                Certificates.read(Map.of("auto", acme), List.of("auto"), now, Optional.empty());
        assertThat(all.problems()).isEmpty();
        assertThat(all.warnings()).isEmpty();
        assertThat(all.shown("auto")).isEmpty();
        assertThat(all.awaited("auto")).containsExactly("c.example");
        assertThat(all.look(now)).isEmpty();

        Files.createDirectory(acme.pem().getParent());
        Files.writeString(acme.pem(), ca.read("c.key") + ca.read("c.crt"));

        assertThat(all.look(now)).singleElement().isInstanceOf(CertificateEvent.Shown.class);
        assertThat(all.shown("auto")).hasSize(1);
        assertThat(all.awaited("auto")).isEmpty();
        Instant end = all.shown("auto").getFirst().notAfter();
        assertThat(all.look(end.minus(Duration.ofDays(2)))).isEmpty();
        assertThat(all.look(end.plus(Duration.ofDays(1))))
                .singleElement()
                .isInstanceOf(CertificateEvent.Ending.class);
    }

    @Test
    void whatWasOrderedAndIsBrokenIsAWarning() throws IOException {
        Path pem = Files.writeString(sites.resolve("auto.pem"), "nothing of use");

        Certificates all =
                Certificates.read(
                        Map.of("auto", ordered(pem, "c.example")),
                        List.of("auto"),
                        now,
                        Optional.empty());

        assertThat(all.problems()).isEmpty();
        assertThat(all.warnings()).isNotEmpty();
        assertThat(all.awaited("auto")).containsExactly("c.example");
    }

    private static Certificate.Acme ordered(Path pem, String name) {
        return new Certificate.Acme(
                "auto",
                "https://acme.example/dir",
                List.of(name),
                List.of(),
                Certificate.Acme.KeyType.EC256,
                List.of(Certificate.Acme.Challenge.HTTP_01),
                Optional.empty(),
                pem);
    }

    private List<CertificateEvent> twoLooks(Certificates certificates) {
        List<CertificateEvent> news = new ArrayList<>(certificates.look(now));
        news.addAll(certificates.look(now));
        return news;
    }

    private static List<String> shown(Certificates certificates) {
        return certificates.shown("all").stream()
                .map(id -> id.certificate() + " " + String.join(" ", id.names()))
                .toList();
    }

    private Certificates read() {
        return read(sites, Optional.empty());
    }

    private Certificates read(Path directory, Optional<Certificates> before) {
        return Certificates.read(
                Map.of("all", new Certificate.Directory("all", directory)),
                List.of("all"),
                now,
                before);
    }

    /** As a tool does that renews certificates: in place, and the clock is coarse. */
    private void put(String name, String from) throws IOException {
        Path file = sites.resolve(name);
        FileTime before = Files.exists(file) ? Files.getLastModifiedTime(file) : null;
        Files.writeString(file, ca.read(from));
        if (before != null) {
            Files.setLastModifiedTime(
                    file, FileTime.from(before.toInstant().plus(Duration.ofSeconds(1))));
        }
    }
}

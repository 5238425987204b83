package buoy.daemon.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Certificate.Acme;
import buoy.daemon.acme.plan.Held;
import buoy.tls.Challenges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFilesTest {
    private final StateFiles files = new StateFiles();
    @TempDir Path directory;
    private Acme site;

    @BeforeEach
    void want() {
        site = wanted("https://acme.example/dir");
    }

    private Acme wanted(String ca) {
        return new Acme(
                "site",
                ca,
                List.of("app.example.com"),
                List.of(),
                Acme.KeyType.EC256,
                List.of(Acme.Challenge.HTTP_01),
                Optional.empty(),
                directory.resolve("state").resolve("acme").resolve("site.pem"));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void anAccountHasOneKeyWithEachCa() throws Exception {
        List<String> told = new ArrayList<>();
        KeyPair first = files.accountKey(site, told::add);
        KeyPair again = files.accountKey(site, told::add);
        KeyPair other = files.accountKey(wanted("https://other.example/dir"), told::add);

        assertThat(told).hasSize(2);
        assertThat(again.getPublic()).isEqualTo(first.getPublic());
        assertThat(again.getPrivate()).isEqualTo(first.getPrivate());
        assertThat(other.getPublic()).isNotEqualTo(first.getPublic());
    }

    @Test
    void whatIsKeptIsFoundAgainAndNobodyElseReadsIt() throws Exception {
        assertThat(files.held(site)).isEmpty();
        Challenges.Shown made = ChallengeCertificate.of("app.example.com", new byte[32]);

        files.prepare(site);
        files.keep(site, List.of(made.certificate()), made.key());

        assertThat(files.held(site))
                .contains(
                        new Held(
                                site.directory(),
                                Set.of("app.example.com"),
                                made.certificate().getNotBefore().toInstant(),
                                made.certificate().getNotAfter().toInstant()));
        assertThat(mode(site.pem())).isEqualTo("rw-------");
        assertThat(mode(Objects.requireNonNull(site.pem().getParent()))).isEqualTo("rwx------");
        assertThat(site.pem().getParent()).isDirectoryContaining("glob:**/site.pem");
        try (var left = Files.list(site.pem().getParent())) {
            assertThat(left).containsExactly(site.pem());
        }
    }

    @Test
    void aBrokenFileIsNamed() throws Exception {
        Files.createDirectories(site.pem().getParent());
        Files.writeString(site.pem(), "-----BEGIN CERTIFICATE-----\nAAAA\n");

        assertThatThrownBy(() -> files.held(site))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(site.pem().toString())
                .hasMessageContaining("has no end");
    }

    @Test
    void thatNothingCanBeWrittenIsKnownBeforeAnOrder() throws Exception {
        Files.createDirectories(site.pem().resolveSibling(".site.pem.new").resolve("in the way"));
        assertThatThrownBy(() -> files.prepare(site)).isInstanceOf(IOException.class);
    }

    @Test
    void whatAnotherHostHasIsComparedWithTheDisk() throws Exception {
        Challenges.Shown ours = ChallengeCertificate.of("app.example.com", new byte[32]);
        Challenges.Shown other = ChallengeCertificate.of("www.example.com", new byte[32]);
        String text = files.keep(site, List.of(ours.certificate()), ours.key());
        Files.writeString(site.pem(), "of no use");
        assertThat(files.take(site, text)).isPresent();
        assertThat(files.take(site, text)).isEmpty();
        String wrong = files.keep(site, List.of(other.certificate()), other.key());
        assertThat(files.take(site, text)).isPresent();
        assertThat(files.take(site, wrong)).isEmpty();
        assertThat(files.certificateText(site)).contains(text);
    }

    @Test
    void whatNoListenerCouldUseIsNotHeld() throws Exception {
        Challenges.Shown one = ChallengeCertificate.of("app.example.com", new byte[32]);
        Challenges.Shown other = ChallengeCertificate.of("www.example.com", new byte[32]);
        String anothersKey = files.keep(site, List.of(one.certificate()), other.key());
        assertThatThrownBy(() -> files.held(site))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not belong");
        Files.delete(site.pem());
        assertThatThrownBy(() -> files.take(site, anothersKey)).isInstanceOf(IOException.class);
        files.keep(site, List.of(one.certificate(), other.certificate()), one.key());
        assertThatThrownBy(() -> files.held(site)).hasMessageContaining("is not signed by");
    }

    @Test
    void aHalfWrittenFileOfAnEarlierLifeIsReplaced() throws Exception {
        Files.createDirectories(site.pem().getParent());
        Files.writeString(site.pem().resolveSibling(".site.pem.new"), "half");
        Challenges.Shown made = ChallengeCertificate.of("app.example.com", new byte[32]);

        files.keep(site, List.of(made.certificate()), made.key());

        assertThat(files.held(site)).isPresent();
    }

    @Test
    void ofTwoAccountsTheLaterOneCountsOnEveryHost() throws Exception {
        files.accountKey(site, _ -> {});
        String early = later(files.accountText(site).orElseThrow(), "2026-01-01T00:00:00Z");
        String late = later(early, "2026-01-02T00:00:00Z");

        assertThat(files.takeAccount(site, late)).isFalse();
        Files.delete(accountFile());
        assertThat(files.takeAccount(site, early)).isTrue();
        assertThat(files.takeAccount(site, early)).isFalse();
        assertThat(files.takeAccount(site, late)).isTrue();
        assertThat(files.takeAccount(site, early)).isFalse();
        assertThat(files.accountText(site)).contains(late);
        assertThatThrownBy(() -> files.takeAccount(site, "created: 2027-01-01T00:00:00Z\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no PUBLIC KEY in it");
        assertThat(mode(accountFile())).isEqualTo("rw-------");
    }

    private static String later(String account, String when) {
        return account.replaceFirst("created: .*", "created: " + when);
    }

    private Path accountFile() throws IOException {
        try (var all = Files.list(site.pem().resolveSibling("accounts"))) {
            return all.findFirst().orElseThrow();
        }
    }
}

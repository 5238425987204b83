package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityFilesTest {
    @TempDir private static Path directory;
    private static TestCertificates ca;
    private static Certificate.Pair rsa;
    private static Certificate.Pair ec;

    @BeforeAll
    static void makeCertificates() {
        ca = new TestCertificates(directory);
        rsa = ca.pair("rsa", "rsa", "rsa.example", "*.RSA.example");
        ec = ca.pair("ec", "ec", "ec.example");
    }

    @Test
    void aPairGivesItsChainKeyAndNames() {
        Identity identity = accepted(rsa);

        assertThat(identity.chain()).hasSize(2);
        assertThat(identity.names()).containsExactly("rsa.example", "*.rsa.example");
        assertThat(identity.ecdsa()).isFalse();
        assertThat(accepted(ec).ecdsa()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyUnencryptedKeyFormatIsRead(boolean conscrypt) {
        Provider provider = conscrypt ? ServerTls.conscrypt().orElseThrow() : null;
        ca.openssl("rsa", "-in", "rsa.key", "-traditional", "-out", "pkcs1.key");
        ca.openssl("ec", "-in", "ec.key", "-out", "sec1.key");
        // openssl's own order: the curve in a block before the key
        ca.write("params.key", ca.openssl("ecparam", "-name", "prime256v1") + ca.read("sec1.key"));
        assertThat(ca.read("pkcs1.key")).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(ca.read("sec1.key")).contains("-----BEGIN EC PRIVATE KEY-----");

        accepted(rsa, provider);
        accepted(ec, provider);
        accepted(new Certificate.Pair("a", rsa.chain(), ca.file("pkcs1.key")), provider);
        accepted(new Certificate.Pair("b", ec.chain(), ca.file("sec1.key")), provider);
        accepted(new Certificate.Pair("c", ec.chain(), ca.file("params.key")), provider);
    }

    @Test
    void aBundleMayHaveItsPartsInAnyOrder() {
        ca.write("bundle.pem", ca.read("ec.key") + ca.read("ec.crt"));

        assertThat(
                        accepted(Part.of(new Certificate.Bundle("b", ca.file("bundle.pem"))), null)
                                .names())
                .containsExactly("ec.example");
    }

    @Test
    void encryptedKeysOfBothKindsAreRefusedWithTheRemedy() throws IOException {
        ca.openssl("pkcs8", "-topk8", "-in", "ec.key", "-passout", "pass:x", "-out", "enc8.key");
        ca.openssl(
                "rsa",
                "-in",
                "rsa.key",
                "-traditional",
                "-aes128",
                "-passout",
                "pass:xxxx",
                "-out",
                "enc1.key");

        assertThat(refusal(new Certificate.Pair("s", ec.chain(), ca.file("enc8.key"))))
                .startsWith("certificates.s.key: " + ca.file("enc8.key") + ": the key is encrypted")
                .contains("openssl pkey");
        assertThat(refusal(new Certificate.Pair("s", rsa.chain(), ca.file("enc1.key"))))
                .contains("the key is encrypted");
    }

    @Test
    void aKeyOfAnotherCertificateIsNoticed() throws IOException {
        ca.pair("other", "ec", "other.example");
        ca.pair("other-rsa", "rsa", "other.example");

        assertThat(refusal(new Certificate.Pair("s", ec.chain(), ca.file("other.key"))))
                .contains("s.key")
                .contains("the key does not belong to the certificate of CN=ec");
        assertThat(refusal(new Certificate.Pair("s", rsa.chain(), ca.file("other-rsa.key"))))
                .contains("does not belong");
        assertThat(refusal(new Certificate.Pair("s", rsa.chain(), ec.key())))
                .contains("it is no readable RSA key");
    }

    @Test
    void aChainInTheWrongOrderNamesTheTwoThatDoNotFit() throws IOException {
        ca.write("wrong.crt", ca.read("ca.crt") + ca.read("ec.own"));

        assertThat(refusal(new Certificate.Pair("s", ca.file("wrong.crt"), ec.key())))
                .contains(
                        "certificate 1 (CN=test authority) is not signed by certificate 2 (CN=ec)");
    }

    @Test
    void allProblemsOfAPairAreToldAtOnce() {
        IdentityFiles files = new IdentityFiles(null, Instant.now());

        assertThat(
                        files.read(
                                Part.of(
                                        new Certificate.Pair(
                                                "s", ca.file("no.crt"), ca.file("no.key")))))
                .isEmpty();

        assertThat(files.problems)
                .extracting(Finding::toString)
                .containsExactly(
                        "certificates.s.chain: " + ca.file("no.crt") + ": there is no such file",
                        "certificates.s.key: " + ca.file("no.key") + ": there is no such file");
    }

    @Test
    void filesThatHoldSomethingElseAreNamed() throws IOException {
        ca.write("empty.pem", "nothing here\n");
        Files.createDirectories(ca.file("directory"));
        Files.write(ca.file("huge.pem"), new byte[(1 << 20) + 1]);

        assertThat(refusal(new Certificate.Pair("s", ca.file("empty.pem"), ec.key())))
                .contains("no certificate in it");
        assertThat(refusal(new Certificate.Pair("s", ec.chain(), ca.file("empty.pem"))))
                .contains("no private key in it");
        assertThat(refusal(new Certificate.Bundle("s", ca.file("directory"))))
                .contains("it is not a file");
        assertThat(refusal(new Certificate.Bundle("s", ca.file("huge.pem"))))
                .contains("larger than 1 MiB");
        ca.write("twice.pem", ca.read("ec.key") + ca.read("ec.key"));
        assertThat(refusal(new Certificate.Pair("s", ec.chain(), ca.file("twice.pem"))))
                .contains("2 private keys");
    }

    @Test
    void certificatesThatExpiredOrSoonWillAreServedWithAWarning() {
        IdentityFiles late = new IdentityFiles(null, Instant.now().plus(Duration.ofDays(80)));
        assertThat(late.read(Part.of(ec))).isPresent();
        assertThat(late.warnings)
                .singleElement()
                .asString()
                .contains("the certificate of CN=ec expires at");

        IdentityFiles tooLate = new IdentityFiles(null, Instant.now().plus(Duration.ofDays(91)));
        assertThat(tooLate.read(Part.of(ec))).isPresent();
        assertThat(tooLate.warnings)
                .singleElement()
                .asString()
                .contains("the certificate of CN=ec expired at");

        IdentityFiles early = new IdentityFiles(null, Instant.now().minus(Duration.ofDays(1)));
        assertThat(early.read(Part.of(ec))).isPresent();
        assertThat(early.warnings).hasSize(2).first().asString().contains("is not valid before");
    }

    private static Identity accepted(Certificate.Pair certificate) {
        return accepted(certificate, null);
    }

    private static Identity accepted(Certificate.Pair certificate, @Nullable Provider provider) {
        return accepted(Part.of(certificate), provider);
    }

    private static Identity accepted(Part part, @Nullable Provider provider) {
        IdentityFiles files = new IdentityFiles(provider, Instant.now());
        Optional<Identity> identity = files.read(part);
        assertThat(files.problems).isEmpty();
        assertThat(files.warnings).isEmpty();
        return identity.orElseThrow();
    }

    private static String refusal(Certificate certificate) throws IOException {
        IdentityFiles files = new IdentityFiles(null, Instant.now());
        assertThat(files.read(Part.of(certificate).getFirst())).isEmpty();
        return files.problems.getFirst().toString();
    }
}

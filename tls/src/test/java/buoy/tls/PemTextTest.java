package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PemTextTest {
    @Test
    void blocksComeInTheOrderOfTheFileAndCommentaryIsPassedOver() {
        String text =
                """
                subject=whatever
                -----BEGIN CERTIFICATE-----
                AQID
                BA==
                -----END CERTIFICATE-----
                in between
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,00

                BQ==
                -----END RSA PRIVATE KEY-----
                """;

        PemText parsed = PemText.parse(text);

        assertThat(parsed)
                .isEqualTo(
                        new PemText.Blocks(
                                java.util.List.of(
                                        new PemText.Block("CERTIFICATE", "AQIDBA==", false),
                                        new PemText.Block("RSA PRIVATE KEY", "BQ==", true))));
        assertThat(((PemText.Blocks) parsed).blocks().getFirst().der()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void windowsLineEndsAreFine() {
        assertThat(PemText.parse("-----BEGIN X-----\r\nAQ==\r\n-----END X-----\r\n"))
                .isEqualTo(
                        new PemText.Blocks(
                                java.util.List.of(new PemText.Block("X", "AQ==", false))));
    }

    @Test
    void aCutOffBlockSaysWhereItBegan() {
        assertThat(PemText.parse("x\n-----BEGIN CERTIFICATE-----\nAQID\n"))
                .isEqualTo(
                        new PemText.Broken(
                                2, "the block CERTIFICATE has no end: the file is cut off"));
    }

    @Test
    void whatIsNotBase64IsNamed() {
        assertThat(PemText.parse("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"))
                .isEqualTo(
                        new PemText.Broken(1, "what stands between BEGIN and END is not base64"));
    }

    @Test
    void aBlockThatEndsUnderAnotherNameIsBroken() {
        assertThat(PemText.parse("-----BEGIN A-----\nAQ==\n-----END B-----\n"))
                .isEqualTo(
                        new PemText.Broken(3, "the block begun at line 1 as A does not end as A"));
    }

    @Property
    void anyTextIsAnAnswer(@ForAll String text) {
        assertThatCode(() -> PemText.parse("-----BEGIN A-----\n" + text))
                .doesNotThrowAnyException();
    }
}

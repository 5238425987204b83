package buoy.lb.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code htpasswd} and {@code openssl passwd} wrote. */
class HashesTest {
    @ParameterizedTest
    @CsvSource({
        "p:ä w, $2y$04$vrKIg1Nvz9b7XuIv8TX5uuKoBD8zIElVZFNAJ6CVVozpXMj/mfbzC",
        "secret, $apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/",
        "secret, $6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG.",
        "secret, $5$abcdefgh$gruCpC7VkOTspMQTTSAR8mtlO9Upms.fwqE5y16JVM.",
        "secret, $6$rounds=20000$m0AmgHDG4btM6LA5$g86csRPqcTQsFSIPdgHyXEL/vzbNxyjvg9/b7m2DG6pqOsBhDh0Ud8kG.ckILXhpyifgGPXKdUteQhpf7rAug0",
    })
    void aPasswordFitsItsHashAndNoOtherDoes(String password, String hash) {
        byte[] octets = password.getBytes(UTF_8);
        assertThat(Hashes.fits(octets, hash)).isTrue();
        assertThat(octets).as("left as it was").isEqualTo(password.getBytes(UTF_8));
        assertThat(Hashes.fits((password + "x").getBytes(UTF_8), hash)).isFalse();
        assertThat(Hashes.fits("Secret".getBytes(UTF_8), hash)).isFalse();
        assertThat(Hashes.fits(new byte[0], hash)).isFalse();
    }

    @Test
    void theOlderMarksOfBcryptMeanTheSame() {
        String hash = "04$vrKIg1Nvz9b7XuIv8TX5uuKoBD8zIElVZFNAJ6CVVozpXMj/mfbzC";
        assertThat(Hashes.fits("p:ä w".getBytes(UTF_8), "$2a$" + hash)).isTrue();
        assertThat(Hashes.fits("p:ä w".getBytes(UTF_8), "$2b$" + hash)).isTrue();
    }

    @Test
    void ofALongPasswordBcryptLooksAtTheFirst72() {
        String hash = "$2y$04$UecixMkeBmnINEKufyXoKuk9D77eVjVW3a1hmmKYjx6ehg.RcPWLG";
        assertThat(Hashes.fits("x".repeat(80).getBytes(UTF_8), hash)).isTrue();
        assertThat(Hashes.fits("x".repeat(72).getBytes(UTF_8), hash)).isTrue();
        assertThat(Hashes.fits("x".repeat(71).getBytes(UTF_8), hash)).isFalse();
    }
}

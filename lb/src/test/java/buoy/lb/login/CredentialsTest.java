package buoy.lb.login;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
    private static @Nullable Credentials read(String value) {
        byte[] octets = ("x" + value + "y").getBytes(ISO_8859_1);
        return Credentials.of(octets, 1, octets.length - 1);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    @Test
    void theExampleOfTheStandard() {
        Credentials read = Objects.requireNonNull(read("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
        assertThat(read.name()).asString(UTF_8).isEqualTo("Aladdin");
        assertThat(read.password()).asString(UTF_8).isEqualTo("open sesame");
        assertThat(read).hasToString("credentials");
    }

    @Property
    void whatIsWrittenIsRead(
            @ForAll @StringLength(max = 100) @CharRange(from = 'a', to = '\u00ff') String name,
            @ForAll @StringLength(max = 100) @CharRange(from = ' ', to = '~') String password) {
        boolean plain = name.chars().noneMatch(Character::isISOControl);
        Credentials read = read(basic(name + ":" + password));
        // The octets of a control character of ISO 8859-1 are none in UTF-8.
        assertThat(read != null || !plain).isTrue();
        if (read != null) {
            assertThat(read.name()).asString(UTF_8).isEqualTo(name);
            assertThat(read.password()).asString(UTF_8).isEqualTo(password);
        }
    }

    @Test
    void theSchemeIsReadInAnyCaseAndMoreSpacesDoNoHarm() {
        assertThat(read("bAsIc   QTpi")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic ",
                "Bearer QTpi",
                "BasicQTpi",
                "Basic QTpia",
                "Basic QTpi QTpi",
                "Basic QTpi=",
                "Basic Q_pi",
                "Basic QUI=",
                "Basic QTpiAA==",
                "Basic QTphCmI="
            })
    void whatCannotBeRightIsNone(String value) {
        assertThat(read(value)).isNull();
    }

    @Test
    void whatIsTooLongIsNone() {
        assertThat(read(basic("a:" + "x".repeat(1022)))).isNotNull();
        assertThat(read(basic("a:" + "x".repeat(1023)))).isNull();
        assertThat(read(basic("a:" + "x".repeat(100_000)))).isNull();
    }

    @Property
    void noOctetsDoHarm(@ForAll byte[] octets) {
        Credentials read = Credentials.of(octets, 0, octets.length);
        assertThat(read == null || octets.length > 6).isTrue();
    }
}

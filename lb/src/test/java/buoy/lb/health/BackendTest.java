package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;

class BackendTest {
    private static Backend read(char type, String hex) {
        return Backend.read(type, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static Backend readText(char type, String text) {
        return Backend.read(type, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void waysToLogIn() {
        assertThat(read('R', "00000000")).isEqualTo(new Backend.AuthenticationOk());
        assertThat(read('R', "00000003")).isEqualTo(new Backend.WantsClearText());
        assertThat(read('R', "00000007")).isEqualTo(new Backend.WantsOther(7));
        assertThat(read('R', "00000005 01020304")).isEqualTo(new Backend.WantsMd5(0x01020304));
        assertThat(readText('R', "\0\0\0\nSCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"))
                .isEqualTo(new Backend.WantsSasl(List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")));
        assertThat(readText('R', "\0\0\0\u000br=x")).isEqualTo(new Backend.SaslContinue("r=x"));
        assertThat(readText('R', "\0\0\0\u000cv=x")).isEqualTo(new Backend.SaslFinal("v=x"));
    }

    @Test
    void anErrorSaysItsCodeAndItsMessage() {
        assertThat(readText('E', "SFATAL\0C57P03\0Mshutting down\0Fpostmaster.c\0\0"))
                .isEqualTo(new Backend.Refused("57P03", "shutting down"));
    }

    @Test
    void aRowHasTextsAndNulls() {
        assertThat(read('D', "0003 00000001 74 ffffffff 00000000"))
                .isEqualTo(
                        new Backend.Row(
                                List.of(Optional.of("t"), Optional.empty(), Optional.of(""))));
    }

    @Test
    void whatIsCutOffIsMalformed() {
        assertThat(read('R', "0000")).isEqualTo(new Backend.Malformed('R'));
        assertThat(read('R', "00000005 0102")).isEqualTo(new Backend.Malformed('R'));
        assertThat(readText('E', "C57P03")).isEqualTo(new Backend.Malformed('E'));
        assertThat(read('D', "0001 7fffffff 00")).isEqualTo(new Backend.Malformed('D'));
    }

    @Property
    void anyBytesAreAMessageOfSomeKind(
            @ForAll @Chars({'R', 'E', 'D', 'Z', 'S', 'K'}) char type, @ForAll byte[] body) {
        assertThat(Backend.read(type, body)).isNotNull();
    }
}

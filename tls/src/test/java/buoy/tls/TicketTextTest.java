package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TicketTextTest {
    private static final byte[] INFO = {};

    private static String base64(int bytes) {
        return Base64.getEncoder().encodeToString(new byte[bytes]);
    }

    private static TicketText parse(String text) {
        return TicketText.parse(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String why(String text) {
        assertThat(parse(text)).isInstanceOf(TicketText.Broken.class);
        return ((TicketText.Broken) parse(text)).why();
    }

    private static List<TicketKey> keys(TicketText read) {
        assertThat(read).isInstanceOf(TicketText.Keys.class);
        return ((TicketText.Keys) read).secrets().stream().map(secret -> secret.key(INFO)).toList();
    }

    @Property(tries = 200)
    void linesOfBase64AreKeysInTheirOrder(
            @ForAll @Size(min = 1, max = 16) List<@Size(80) byte[]> keys, @ForAll boolean windows) {
        List<String> lines = new ArrayList<>(List.of("# ours", ""));
        keys.forEach(key -> lines.add(Base64.getEncoder().encodeToString(key)));
        lines.add("");

        assertThat(keys(parse(String.join(windows ? "\r\n" : "\n", lines))))
                .isEqualTo(keys.stream().map(key -> TicketSecret.ofFile(key).key(INFO)).toList());
    }

    @Property(tries = 200)
    void aFileOfNginxIsOneKey(@ForAll @Size(48) byte[] random) {
        random[17] = (byte) 0x80; // as random bytes nearly always have one

        assertThat(keys(TicketText.parse(random)))
                .containsExactly(TicketSecret.ofFile(random).key(INFO));
        assertThat(keys(parse(Base64.getEncoder().encodeToString(random))))
                .containsExactly(TicketSecret.ofFile(random).key(INFO));
    }

    /** Whatever stands there: a value, and nothing of it in the words. */
    @Property(tries = 500)
    void everyFileIsKeysOrAReasonThatTellsNothingOfIt(
            @ForAll @Size(max = 300) byte[] file, @ForAll @IntRange(max = 3) int keys) {
        String text =
                new String(file, StandardCharsets.ISO_8859_1)
                        + "\n"
                        + String.join("\n", Collections.nCopies(keys, base64(48)));
        switch (parse(text)) {
            case TicketText.Keys(var secrets) -> assertThat(secrets).isNotEmpty();
            case TicketText.Broken(var why) ->
                    assertThat(why)
                            .matches(
                                    "line \\d+ is not base64.*|the key in line \\d+ has \\d+ bytes"
                                            + " and must have.*|no key in it.*|\\d+ keys in it.*");
        }
    }

    @Test
    void whatIsWrongIsToldByLine() {
        assertThat(why(base64(48) + "\n\nsecret!\n"))
                .isEqualTo("line 3 is not base64 (one key a line: openssl rand -base64 48)");
        assertThat(why("# new\n" + base64(32)))
                .isEqualTo(
                        "the key in line 2 has 32 bytes and must have 48 or 80 (openssl rand -base64 48)");
        assertThat(why("# none\n")).startsWith("no key in it");
        assertThat(why((base64(80) + "\n").repeat(17)))
                .isEqualTo("17 keys in it, and at most 16 are taken (remove the oldest)");
    }
}

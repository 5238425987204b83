package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.vrrp.core.Admission.Oddity;
import buoy.vrrp.wire.Decoded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every word by which something is discarded or odd is explained in docs/vrrp.md. */
class DocumentedWordsTest {
    private static final List<Decoded.Garbage> GARBAGE =
            List.of(
                    new Decoded.TooShort(1, 8),
                    new Decoded.WrongTtl(64, 255),
                    new Decoded.Carp(),
                    new Decoded.WrongVersion(2, 3),
                    new Decoded.WrongType(2),
                    new Decoded.WrongVrid(52),
                    new Decoded.BadChecksum(1),
                    new Decoded.AuthMismatch(1, false),
                    new Decoded.CountZero(),
                    new Decoded.IntervalZero());

    private static final List<Oddity> ODDITIES =
            List.of(
                    new Oddity.OtherAddresses(List.of()),
                    new Oddity.ForeignGroup(List.of()),
                    new Oddity.OtherInterval(Duration.ofSeconds(1)),
                    new Oddity.SecondOwner(),
                    new Oddity.FirstNotLinkLocal());

    /** Of {@code Reception} and {@code Admission}, which refuse by a word alone. */
    private static final List<String> REFUSED =
            List.of("wrong-destination", "own-address", "unknown-peer");

    @Test
    void thisListIsWhole() {
        assertThat(GARBAGE).hasSize(Decoded.Garbage.class.getPermittedSubclasses().length);
        assertThat(ODDITIES).hasSize(Oddity.class.getPermittedSubclasses().length);
    }

    @Test
    void everyWordHasARow() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("buoy.root"), "docs", "vrrp.md"));
        String rows =
                page.substring(page.indexOf("## Diagnosing"))
                        .lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(0, line.indexOf('|', 1)))
                        .reduce("", String::concat);
        assertThat(
                        Stream.of(
                                        GARBAGE.stream().map(Decoded.Garbage::kind),
                                        ODDITIES.stream().map(Oddity::kind),
                                        REFUSED.stream())
                                .flatMap(each -> each))
                .allSatisfy(word -> assertThat(rows).contains("`" + word + "`"));
    }
}

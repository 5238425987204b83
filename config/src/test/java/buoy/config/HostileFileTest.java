package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Whatever the bytes, the answer is a configuration or a list of problems, at a bounded price. */
class HostileFileTest {
    private static final byte[] REFERENCE = reference();

    private static byte[] reference() {
        try (InputStream in =
                Objects.requireNonNull(
                        HostileFileTest.class.getResourceAsStream("/reference.yaml"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void isRefused(String yaml, String problem) {
        assertThat(Written.problems(Written.read(yaml))).containsExactly(problem);
    }

    static void isJudged(Reading reading) {
        if (reading instanceof Reading.Rejected(List<Problem> problems)) {
            assertThat(problems).isNotEmpty();
            assertThat(problems)
                    .allSatisfy(
                            p -> {
                                assertThat(p.line()).isPositive();
                                assertThat(p.column()).isPositive();
                                assertThat(p.toString().chars()).noneMatch(Character::isISOControl);
                            });
        }
    }

    @Test
    void deepNestingIsRefusedEarly() {
        isRefused("[".repeat(200_000), "buoy.yaml:1:34: yaml: is nested deeper than 32 levels");
        isRefused("{a: ".repeat(200_000), "buoy.yaml:1:130: yaml: is nested deeper than 32 levels");
        isRefused(
                IntStream.range(0, 500)
                        .mapToObj(i -> " ".repeat(i) + "a:\n")
                        .collect(Collectors.joining()),
                "buoy.yaml:33:33: yaml: is nested deeper than 32 levels");
    }

    @Test
    void anAliasBombIsRefusedEarly() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++) {
            String ten = ("*a" + (i - 1) + ",").repeat(10);
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ten));
        }

        isRefused(
                bomb.toString(),
                "buoy.yaml:5:38: yaml: has more than 100000 values, aliases followed");
    }

    @Test
    void aHugeScalarIsNotEchoed() {
        Reading reading = Written.read("log: {level: " + "x".repeat(900_000) + "}");

        assertThat(Written.problems(reading))
                .singleElement()
                .asString()
                .hasSizeLessThan(200)
                .contains("xxx...");
    }

    @Test
    void aHugeKeyIsNotEchoed() {
        Reading reading = Written.read("? " + "x".repeat(900_000) + "\n: 1\n");

        assertThat(Written.problems(reading)).singleElement().asString().hasSizeLessThan(300);
    }

    @Test
    void aHugeFileIsNotRead() {
        assertThat(Written.problems(Written.read(new byte[Document.MAX_BYTES + 1])))
                .containsExactly(
                        "buoy.yaml:1:1: file: is larger than 1MiB (split it with include, or check"
                                + " that it is the right file)");
    }

    @Test
    void aByteOrderMarkIsNamed() {
        isRefused(
                "\uFEFFlog: {level: info}",
                "buoy.yaml:1:1: file: starts with a byte order mark (save it as UTF-8 without one)");
    }

    @Test
    void otherEncodingsAreNamed() {
        byte[] latin1 = "log:\n  level: \u00e9t\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf16 = "log: {level: info}".getBytes(StandardCharsets.UTF_16);

        assertThat(Written.problems(Written.read(latin1)))
                .containsExactly("buoy.yaml:2:10: file: is not UTF-8 here (save it as UTF-8)");
        assertThat(Written.problems(Written.read(utf16)))
                .containsExactly("buoy.yaml:1:1: file: is not UTF-8 here (save it as UTF-8)");
    }

    @Test
    void aFileThatEndsWithinACharacterIsNamed() {
        byte[] whole = "log: {level: \u00e9".getBytes(StandardCharsets.UTF_8);

        assertThat(Written.problems(Written.read(Arrays.copyOf(whole, whole.length - 1))))
                .containsExactly("buoy.yaml:1:14: file: is not UTF-8 here (save it as UTF-8)");
    }

    @Test
    void controlCharactersAreNamed() {
        isRefused(
                "log:\n  level: in\u0000fo\n",
                "buoy.yaml:2:12: file: has the control character U+0000 here (remove it)");
        isRefused(
                "\u001b[31mred: 1",
                "buoy.yaml:1:1: file: has the control character U+001B here (remove it)");
    }

    @Test
    void whatATerminalWouldActOnIsShownEscaped() {
        isRefused(
                "log: {level: \"\\e[31m\\u202Einfo\"}",
                "buoy.yaml:1:14: log.level: must be trace, debug, info, warn or error, got"
                        + " \"\\u001b[31m\\u202einfo\"");
    }

    @Test
    void anEmptyFileIsRefused() {
        isRefused("", "buoy.yaml:1:1: file: is empty");
        isRefused("# nothing yet\n", "buoy.yaml:1:1: file: is empty");
    }

    @Test
    void oddEscapesAreSyntaxErrors() {
        for (String yaml :
                List.of(
                        "a: \"\\UFFFFFFFF\"",
                        "a: \"\\xZZ\"",
                        "a: \"\\ud800\"",
                        "%YAML 99999999999999999999.1\n--- a",
                        "%TAG ! tag:\n--- !%FF a",
                        "!<%> a",
                        "a: |99\n b",
                        "- - - ? : - |",
                        "--- !!binary x",
                        "&a &b c",
                        "? ? ?",
                        "*",
                        "&")) {
            assertThat(Written.problems(Written.read(yaml))).as(yaml).isNotEmpty();
            isJudged(Written.read(yaml));
        }
    }

    @Property(tries = 150)
    void anyBytesAreJudged(@ForAll @Size(max = 300) byte[] bytes) {
        isJudged(Written.read(bytes));
    }

    @Property(tries = 60)
    void aReferenceWithAFewBytesChangedIsJudged(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = REFERENCE.clone();
        for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
            // What YAML acts on, more often than what it does not.
            String marks = ":{}[],&*!|>'\"%@`#-? \n\t~<";
            bytes[random.nextInt(bytes.length)] =
                    random.nextBoolean()
                            ? (byte) marks.charAt(random.nextInt(marks.length()))
                            : (byte) random.nextInt(256);
        }

        isJudged(Written.read(bytes));
    }

    @Property(tries = 60)
    void aReferenceWithLinesMovedIsJudged(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> lines =
                new String(REFERENCE, StandardCharsets.UTF_8)
                        .lines()
                        .collect(Collectors.toCollection(ArrayList::new));
        for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
            int at = random.nextInt(lines.size());
            switch (random.nextInt(4)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
                case 2 -> lines.set(at, " " + lines.get(at));
                default -> lines.set(at, lines.get(at).strip());
            }
        }

        isJudged(Written.read(String.join("\n", lines)));
    }

    @Property(tries = 40)
    void aReferenceThatEndsEarlyIsJudged(@ForAll long seed) {
        isJudged(
                Written.read(Arrays.copyOf(REFERENCE, new Random(seed).nextInt(REFERENCE.length))));
    }
}

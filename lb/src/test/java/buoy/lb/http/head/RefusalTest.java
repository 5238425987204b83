package buoy.lb.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTest {
    /** That of a response is not told to clients by its own word. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "BAD_STATUS_LINE"})
    void isInTheOperatorsTable(Refusal refusal) throws IOException {
        assertThat(Files.readString(Path.of("../docs/http.md")))
                .containsOnlyOnce(
                        "\n| %d | `%s` | %s |\n"
                                .formatted(refusal.status(), refusal.word(), refusal.why()));
    }
}

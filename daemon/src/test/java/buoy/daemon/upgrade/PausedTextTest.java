package buoy.daemon.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PausedTextTest {
    private static final Map<String, Instant> SOME =
            Map.of("web", Instant.parse("2026-11-21T04:33:54.656Z"), "db", Instant.EPOCH);

    @Test
    void whatIsWrittenIsReadBehindThePools() throws Exception {
        String text = PoolsText.encode(PoolsTextTest.ALL) + PausedText.encode(SOME);
        Map<String, Instant> read =
                LineReader.all(
                        text,
                        in -> {
                            assertThat(PoolsText.read(in)).isEqualTo(PoolsTextTest.ALL);
                            return PausedText.read(in);
                        });
        assertThat(read).isEqualTo(SOME);
        assertThat(PausedText.encode(Map.of())).isEmpty();
    }

    /** It says so, and what ran goes on. */
    @Test
    void whoKnowsNothingOfPausesRefusesThem() {
        String text = PoolsText.encode(PoolsTextTest.ALL) + PausedText.encode(SOME);
        assertThatThrownBy(() -> LineReader.all(text, PoolsText::read))
                .isInstanceOf(UpgradeFailed.class)
                .hasMessageStartingWith("it left what is not known");
    }
}

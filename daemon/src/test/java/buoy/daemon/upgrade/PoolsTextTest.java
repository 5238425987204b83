package buoy.daemon.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.lb.PoolsKnown;
import buoy.lb.PoolsKnown.PoolKnown;
import buoy.lb.PoolsKnown.ServerKnown;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Met;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PoolsTextTest {
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.000000006Z");

    static final PoolsKnown ALL =
            new PoolsKnown(
                    List.of(
                            new PoolKnown(
                                    "app",
                                    Optional.of(THEN),
                                    List.of(
                                            new ServerKnown(
                                                    "a1",
                                                    "198.51.100.11:80",
                                                    new ServerHealth(
                                                            ServerHealth.State.DOWN,
                                                            THEN,
                                                            "HTTP 503",
                                                            true),
                                                    new Server.Orders(
                                                            Duty.MAINTENANCE,
                                                            THEN,
                                                            OptionalInt.of(0))),
                                            new ServerKnown(
                                                    "a2",
                                                    "unix:/run/a b.sock",
                                                    new ServerHealth(
                                                            ServerHealth.State.UP, THEN, ""),
                                                    new Server.Orders(
                                                            Duty.READY,
                                                            THEN,
                                                            OptionalInt.empty()))),
                                    List.of(new Met(-1, "a1", Long.MIN_VALUE))),
                            new PoolKnown("db", Optional.empty(), List.of(), List.of())));

    @Test
    void whatIsWrittenIsRead() throws Exception {
        assertThat(LineReader.all(PoolsText.encode(ALL), PoolsText::read)).isEqualTo(ALL);
        assertThat(LineReader.all("", PoolsText::read)).isEqualTo(PoolsKnown.NOTHING);
    }

    @Test
    void whateverElseIsReadIsRefused() {
        String text = PoolsText.encode(ALL);
        for (int i = 0; i < text.length(); i++) {
            String damaged = text.substring(0, i) + "\n" + text.substring(i);
            if (text.charAt(i) == '\n' || (i > 0 && text.charAt(i - 1) == '\n')) {
                continue; // an empty line, which is refused as well but for the last
            }
            assertThatThrownBy(() -> LineReader.all(damaged, PoolsText::read))
                    .isInstanceOf(UpgradeFailed.class)
                    .hasMessageStartingWith("it left ");
        }
    }
}

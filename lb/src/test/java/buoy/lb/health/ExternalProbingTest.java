package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Health.Probe;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.lb.Secured;
import buoy.lb.health.Programs.Ran;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.pool.ServerHealth.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ExternalProbingTest {
    private static final Probe.External PROBE =
            new Probe.External(List.of("/usr/local/bin/probe", "--fast"), Optional.of("nobody"));

    /** What was to be run. */
    private record Asked(List<String> argv, Map<String, String> environment, String user) {}

    private static Running running(AtomicReference<Ran> ran, AtomicReference<Asked> asked)
            throws Exception {
        return Running.start(
                Configs.of(
                        List.of(Configs.tcp("raw", "app")),
                        List.of(
                                Configs.pool(
                                        "app",
                                        new Balance.RoundRobin(),
                                        Optional.of(Configs.health(PROBE)),
                                        OnDown.KEEP_SESSIONS,
                                        Configs.loopback(5432)))),
                Secured.NOTHING,
                (argv, environment, user, _) -> {
                    asked.set(new Asked(argv, environment, user.orElse("")));
                    return ran.get();
                });
    }

    private static String whyAfter(Ran first) throws Exception {
        try (Running buoy = running(new AtomicReference<>(first), new AtomicReference<>())) {
            Await.until(
                    "checked", () -> buoy.server("app", "s1").health().state() != State.UNKNOWN);
            assertThat(buoy.server("app", "s1").health().isUp())
                    .isEqualTo(first instanceof Ran.Exited(int status, _) && status == 0);
            return buoy.server("app", "s1").health().why();
        }
    }

    @Test
    void theExitStatusDecidesAndTheLastLineSaysWhy() throws Exception {
        assertThat(whyAfter(new Ran.Exited(0, ""))).isEqualTo("exit 0");
        assertThat(whyAfter(new Ran.Exited(0, "asking\nall well\n\n")))
                .isEqualTo("exit 0: all well");
        assertThat(whyAfter(new Ran.Exited(3, "no disk\n"))).isEqualTo("exit 3: no disk");
        assertThat(whyAfter(new Ran.Killed()))
                .isEqualTo("killed because it took longer than 1000ms");
        assertThat(whyAfter(new Ran.NotRun("no user"))).isEqualTo("cannot be run: no user");
    }

    @Test
    void itIsToldWhichServerInTwoLanguages() throws Exception {
        AtomicReference<Asked> asked = new AtomicReference<>();
        try (Running buoy = running(new AtomicReference<>(new Ran.Exited(0, "")), asked)) {
            Await.until("up", () -> buoy.server("app", "s1").health().isUp());
        }
        assertThat(asked.get().argv())
                .containsExactly(
                        "/usr/local/bin/probe",
                        "--fast",
                        "NOT_USED",
                        "NOT_USED",
                        "127.0.0.1",
                        "5432");
        assertThat(asked.get().user()).isEqualTo("nobody");
        assertThat(asked.get().environment())
                .containsEntry("BUOY_POOL", "app")
                .containsEntry("BUOY_SERVER", "s1")
                .containsEntry("BUOY_ADDRESS", "127.0.0.1")
                .containsEntry("BUOY_PORT", "5432")
                .containsEntry("HAPROXY_PROXY_NAME", "app")
                .containsEntry("HAPROXY_SERVER_NAME", "s1")
                .containsEntry("HAPROXY_SERVER_ADDR", "127.0.0.1")
                .containsEntry("HAPROXY_SERVER_PORT", "5432");
    }

    @Test
    void aServerGoesDownAndComesBackWithIt() throws Exception {
        AtomicReference<Ran> ran = new AtomicReference<>(new Ran.Exited(0, ""));
        try (Running buoy = running(ran, new AtomicReference<>())) {
            Await.until("up", () -> buoy.server("app", "s1").health().isUp());
            ran.set(new Ran.Exited(1, "\u001b[31mdown\u0007\n"));
            Await.until("down", () -> !buoy.server("app", "s1").health().isUp());
            assertThat(buoy.server("app", "s1").health().why()).isEqualTo("exit 1: ?[31mdown?");
            ran.set(new Ran.Exited(0, ""));
            Await.until("up again", () -> buoy.server("app", "s1").health().isUp());
        }
    }
}

package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Health;
import buoy.config.model.Health.Probe;
import buoy.config.model.Pool;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.health.Outcome.Fit;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code health.agent}. */
class AgentTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up | 100",
                "ready | 100",
                "UP 75% | 75",
                "75% | 75",
                "up,50%\r | 50",
                "100% | 100",
                "150% ready | 150",
                "0% | 0",
                "drain | 0",
                "drain 50% | 0",
                "50% drain | 0",
                "ready up 30% maxconn:40 | 30",
                "up # all 3 disks are down | 100"
            })
    void wordsThatKeepIt(String line, int percent) {
        assertThat(AgentLine.read(line))
                .isInstanceOfSatisfying(
                        Outcome.Granted.class,
                        granted -> assertThat(granted.percent()).isEqualTo(percent));
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "failed", "stopped # at noon", "maint", "up down", "90% maint"})
    void wordsThatTakeItOut(String line) {
        assertThat(AgentLine.read(line))
                .isEqualTo(new Outcome.Clear(Fit.NO, "agent: " + line, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "# up",
                "HTTP/1.1 200 OK",
                "99999%",
                "1001%",
                "-5%",
                "5 %",
                "updown"
            })
    void nonsense(String line) {
        assertThat(AgentLine.read(line)).isInstanceOf(Outcome.Failed.class);
    }

    @Property
    void whateverItSaysIsRead(@ForAll String line) {
        assertThat(AgentLine.read(line).why()).isNotBlank();
    }

    /** An agent says whatever the test wants. */
    private static TestServer agent(AtomicReference<String> line) {
        return TestServer.start(
                socket ->
                        socket.getOutputStream()
                                .write(line.get().getBytes(StandardCharsets.UTF_8)));
    }

    private static ServerStatus server(Running buoy) {
        return buoy.server("app", "s1");
    }

    private static Pool asking(TestServer agent, TestServer server) {
        return Configs.pool(
                "app",
                new Balance.RoundRobin(),
                Optional.of(Configs.health(new Probe.Agent(agent.port()))),
                OnDown.KEEP_SESSIONS,
                server.endpoint());
    }

    private static boolean isServed(Running buoy) {
        try (Socket client = buoy.connect("raw")) {
            return TestServer.said(client).equals("hello");
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @Test
    void aServerIsWhatItsAgentSays() throws Exception {
        AtomicReference<String> line = new AtomicReference<>("up\n");
        try (TestServer agent = agent(line);
                TestServer server = TestServer.saying("hello");
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(Configs.tcp("raw", "app")),
                                        List.of(asking(agent, server))))) {
            Await.until("it is up", () -> server(buoy).health().isUp());
            assertThat(isServed(buoy)).isTrue();

            line.set("drain\n");
            Await.until("it drains", () -> server(buoy).granted() == 0);
            assertThat(server(buoy).health().isUp()).isTrue();
            assertThat(isServed(buoy)).isFalse();

            line.set("40%");
            Await.until("it takes a little", () -> server(buoy).granted() == 40);
            assertThat(isServed(buoy)).isTrue();

            line.set("maint # nouveau système\n");
            Await.until("it is down at once", () -> !server(buoy).health().isUp());
            assertThat(server(buoy).health().why()).isEqualTo("agent: maint # nouveau système");
            assertThat(isServed(buoy)).isFalse();

            line.set("ready\n");
            Await.until("it is back at once", () -> server(buoy).health().isUp());
            assertThat(server(buoy).granted()).isEqualTo(100);

            line.set("what?\n");
            Await.until("nonsense is counted", () -> !server(buoy).health().isUp());
            assertThat(server(buoy).health().why()).contains("not an agent's word");
        }
    }

    @Test
    void whoIsHeldIsServedWhenItsAgentLetsTheServerWorkAgain() throws Exception {
        AtomicReference<String> line = new AtomicReference<>("drain\n");
        try (TestServer agent = agent(line);
                TestServer server = TestServer.saying("hello");
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(Configs.tcp("raw", "app")),
                                        List.of(
                                                Configs.holding(
                                                        asking(agent, server),
                                                        Duration.ofMinutes(5),
                                                        10))))) {
            Await.until(
                    "it drains", () -> server(buoy).health().isUp() && server(buoy).granted() == 0);
            try (Socket client = buoy.connect("raw")) {
                Await.until("somebody waits", () -> buoy.pool("app").waiting() == 1);
                line.set("ready\n");
                assertThat(TestServer.said(client)).isEqualTo("hello");
            }
        }
    }

    @Test
    void aPercentageIsAShareOfTheWork() throws Exception {
        AtomicReference<String> line = new AtomicReference<>("up\n");
        try (TestServer agent = agent(line);
                TestServer one = TestServer.saying("one");
                TestServer two = TestServer.saying("two")) {
            Health check = Configs.health(new Probe.Agent(agent.port()));
            try (Running buoy =
                    Running.start(
                            Configs.of(
                                    List.of(Configs.tcp("raw", "app")),
                                    List.of(
                                            Configs.pool(
                                                    "app",
                                                    new Balance.RoundRobin(),
                                                    Optional.of(check),
                                                    OnDown.KEEP_SESSIONS,
                                                    one.endpoint(),
                                                    two.endpoint()))))) {
                // One agent for both: equal shares, whatever they are.
                line.set("50%\n");
                Await.until(
                        "both have half",
                        () ->
                                buoy.server("app", "s1").granted() == 50
                                        && buoy.server("app", "s2").granted() == 50);
                int first = 0;
                for (int i = 0; i < 20; i++) {
                    try (Socket client = buoy.connect("raw")) {
                        client.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
                        first += TestServer.said(client).equals("one") ? 1 : 0;
                    }
                }
                assertThat(first).isBetween(8, 12);
            }
        }
    }
}

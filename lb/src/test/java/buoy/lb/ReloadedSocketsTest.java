package buoy.lb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Listener;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where clients come in stays where it is, whoever they come to. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReloadedSocketsTest {
    private static Config config(TestServer server, Listener... listeners) {
        return Configs.of(List.of(listeners), List.of(Configs.pool("app", server.endpoint())));
    }

    private static Listener tcp(String name, Endpoint at) {
        return Configs.tcp(name, at, Duration.ofMinutes(1), "app");
    }

    private static void assertServes(Endpoint at) throws IOException {
        try (Socket socket = new Socket(at.address(), at.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("in".getBytes(ISO_8859_1));
            assertThat(socket.getInputStream().readNBytes(2)).asString().isEqualTo("in");
        }
    }

    @Test
    void aListenerThatIsRenamedKeepsItsSockets() throws Exception {
        Endpoint at = Configs.unused();
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server, tcp("in", at)))) {
            List<ListeningSocket> before = buoy.balancer().listeningSockets();
            assertThat(before).hasSize(2);
            buoy.apply(config(server, tcp("renamed", at)));
            assertThat(buoy.balancer().listeningSockets()).isEqualTo(before);
            assertServes(at);
            assertThat(buoy.listener("renamed").bound()).containsExactly(at);
            Await.until(
                    "its session to be counted",
                    () -> buoy.listener("renamed").totals().finished() == 1);
            assertThat(buoy.events())
                    .containsSubsequence(
                            new BalancerEvent.ListenerOpened("in", at),
                            new BalancerEvent.ListenerOpened("renamed", at),
                            new BalancerEvent.ListenerClosed("in", at));
        }
    }

    @Test
    void twoThatChangePlacesKeepThem() throws Exception {
        Endpoint one = Configs.unused();
        Endpoint other = Configs.unused();
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server, tcp("a", one), tcp("b", other)))) {
            List<ListeningSocket> before = buoy.balancer().listeningSockets();
            buoy.apply(config(server, tcp("a", other), tcp("b", one)));
            assertThat(buoy.balancer().listeningSockets())
                    .containsExactlyInAnyOrderElementsOf(before);
            assertServes(one);
            assertServes(other);
            assertThat(buoy.listener("a").bound()).containsExactly(other);
        }
    }
}

package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A pool that is paused by command. */
class PauseTest {
    private static Config config(TestServer server) {
        return Configs.of(
                List.of(
                        Configs.tcp("in", "app"),
                        Configs.tcp("instead", "other"),
                        Configs.http("web", List.of(Configs.loopback(0)), "app")),
                List.of(
                        Configs.pool("app", server.endpoint()),
                        Configs.withFallback(Configs.pool("other"), "app")));
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hear(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    /** A whole answer of the server in {@link #anExchangeWaitsThoughAConnectionIsKept}. */
    private static String page(Socket socket) throws IOException {
        StringBuilder page = new StringBuilder();
        while (!page.toString().endsWith("\r\n\r\nok")) {
            int next = socket.getInputStream().read();
            assertThat(next).as("what follows " + page).isNotNegative();
            page.append((char) next);
        }
        return page.toString();
    }

    private static Pause pause(Running buoy) {
        return buoy.balancer().pause("app").orElseThrow();
    }

    @Test
    void whoComesWaitsAndWhoIsThereGoesOn() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server));
                Socket before = buoy.connect("in")) {
            say(before, "one");
            assertThat(hear(before, 3)).isEqualTo("one");
            Pause pause = pause(buoy);
            try (Socket after = buoy.connect("in");
                    Socket instead = buoy.connect("instead")) {
                say(after, "two");
                Await.until("it waits", () -> buoy.pool("app").waiting() == 1);
                assertThat(instead.getInputStream().read()).as("a paused fallback").isEqualTo(-1);
                say(before, "three");
                assertThat(hear(before, 5)).isEqualTo("three");
                assertThat(pause.underWay()).isEqualTo(1);
                assertThat(buoy.pool("app").paused()).isPresent();
                assertThat(server.accepted()).isEqualTo(1);

                assertThat(buoy.balancer().resume("app")).isEqualTo(Optional.of(true));
                assertThat(hear(after, 3)).isEqualTo("two");
                assertThat(buoy.pool("app").waiting()).isZero();
                assertThat(buoy.pool("app").paused()).isEmpty();
                assertThat(pause.lasts()).isFalse();
            }
        }
    }

    @Test
    void whatIsUnderWayCanBeCut() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server));
                Socket before = buoy.connect("in")) {
            say(before, "one");
            assertThat(hear(before, 3)).isEqualTo("one");
            Pause pause = pause(buoy);
            pause.cut();
            Await.until("it is gone", () -> pause.underWay() == 0);
            assertThat(buoy.listener("in").totals().failures())
                    .isEqualTo(Map.of(Reason.POOL_PAUSED, 1L));
        }
    }

    @Test
    void anExchangeWaitsThoughAConnectionIsKept() throws Exception {
        TestServer.Service pages =
                socket -> {
                    while (socket.getInputStream().read(new byte[1000]) > 0) {
                        say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    }
                };
        String request = "GET / HTTP/1.1\r\nHost: app.example\r\n\r\n";
        try (TestServer server = TestServer.start(pages);
                Running buoy = Running.start(config(server));
                Socket client = buoy.connect("web")) {
            say(client, request);
            assertThat(page(client)).startsWith("HTTP/1.1 200");
            Await.until("it is over", () -> buoy.server("app", "s1").active() == 0);
            var _ = pause(buoy);
            say(client, request);
            Await.until("it waits", () -> buoy.pool("app").waiting() == 1);
            assertThat(buoy.balancer().resume("app")).isEqualTo(Optional.of(true));
            assertThat(page(client)).startsWith("HTTP/1.1 200");
            assertThat(buoy.listener("web").totals().failures()).isEmpty();
        }
    }

    @Test
    void aPauseOutlivesAReload() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server))) {
            var _ = pause(buoy);
            buoy.apply(config(server));
            assertThat(buoy.pool("app").paused()).isPresent();
            assertThat(buoy.balancer().pause("none")).isEmpty();
            assertThat(buoy.balancer().resume("none")).isEmpty();
            assertThat(buoy.balancer().resume("app")).isEqualTo(Optional.of(true));
            assertThat(buoy.balancer().resume("app")).isEqualTo(Optional.of(false));
        }
    }
}

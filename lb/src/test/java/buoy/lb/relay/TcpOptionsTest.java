package buoy.lb.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Config;
import buoy.config.model.Listener;
import buoy.config.model.Pool;
import buoy.config.model.TcpOptions;
import buoy.lb.BindFailed;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whose connections the kernel watches, and how: seen from outside, by ss(8). */
class TcpOptionsTest {
    /** Minutes of a keep-alive timer; the kernel's own begins at 120. */
    private static final Pattern MINUTES = Pattern.compile("timer:\\(keepalive,(\\d+)min");

    private static TcpOptions idle(int minutes) {
        return new TcpOptions(
                Optional.of(Duration.ofMinutes(minutes)),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }

    private static Config config(TestServer server, TcpOptions clients, TcpOptions servers) {
        Pool usual = Configs.pool("app", server.endpoint());
        Pool pool =
                new Pool(
                        usual.name(),
                        usual.balance(),
                        usual.servers(),
                        usual.health(),
                        usual.retries(),
                        new Pool.Timeouts(
                                usual.timeouts().connect(),
                                usual.timeouts().response(),
                                usual.timeouts().responseIdle(),
                                servers),
                        usual.drain(),
                        usual.onDown(),
                        usual.hold(),
                        usual.passive(),
                        usual.slowStart(),
                        usual.sticky(),
                        usual.fallback(),
                        usual.tls());
        Listener.Tcp in = Configs.tcp("in", "app");
        return Configs.of(
                List.of(
                        new Listener.Tcp(
                                in.name(),
                                in.bind(),
                                in.maxConnections(),
                                in.tls(),
                                in.idle(),
                                in.routes(),
                                new Listener.Admission(OptionalInt.empty(), List.of(), clients))),
                List.of(pool));
    }

    private static void sayOneThing(Socket client) throws IOException {
        client.getOutputStream().write('x');
        assertThat(client.getInputStream().read()).isEqualTo('x');
    }

    /** Of the one connection that has this port at its own end, or at the other. */
    private static int minutes(String filter) throws Exception {
        Process ss =
                new ProcessBuilder("ss", "-tnoH", "state", "established", filter)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(ss.waitFor()).as(said).isZero();
        Matcher matcher = MINUTES.matcher(said);
        assertThat(matcher.find()).as(filter + ": " + said).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    @Test
    void eachSideIsWatchedAsItIsSaid() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server, idle(40), idle(20)))) {
            try (Socket client = buoy.connect("in")) {
                sayOneThing(client);
                assertThat(minutes("sport = :" + buoy.port("in"))).isBetween(21, 40);
                assertThat(minutes("dport = :" + server.port())).isBetween(1, 20);
            }
        }
    }

    /** A reload holds for who comes then. */
    @Test
    void elseTheKernelsOwnTimesHold() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy =
                        Running.start(config(server, TcpOptions.KERNELS, TcpOptions.KERNELS))) {
            try (Socket client = buoy.connect("in")) {
                sayOneThing(client);
                assertThat(minutes("sport = :" + buoy.port("in"))).isGreaterThan(40);
                assertThat(minutes("dport = :" + server.port())).isGreaterThan(40);
            }
            buoy.apply(config(server, idle(40), TcpOptions.KERNELS));
            try (Socket client = buoy.connect("in")) {
                sayOneThing(client);
                assertThat(
                                minutes(
                                        "sport = :"
                                                + buoy.port("in")
                                                + " and dport = :"
                                                + client.getLocalPort()))
                        .isBetween(21, 40);
            }
        }
    }

    @Test
    void aTransportThatHasNoSuchThingSaysSo() throws Exception {
        TcpOptions all =
                new TcpOptions(
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.of(Duration.ofSeconds(5)));
        try (TestServer server = TestServer.echo()) {
            Config config = Configs.nio(config(server, all, all));
            assertThatThrownBy(() -> Running.start(config).close())
                    .isInstanceOf(BindFailed.class)
                    .hasMessageContaining("listeners.in.tcp.user-timeout")
                    .hasMessageContaining("pools.app.tcp.user-timeout");
        }
    }
}

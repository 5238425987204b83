package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Health.Probe;
import buoy.config.model.Pool.Protocol;
import buoy.config.model.ServerAddress;
import buoy.lb.kit.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TcpProbingTest {
    private static final Probe.Tcp PING =
            new Probe.Tcp(Optional.of("PING\r\n"), Optional.of("+PONG"));

    private static Outcome ask(Probe.Tcp probe, TestServer.Service service) {
        try (TestServer server = TestServer.start(service)) {
            Door door =
                    new Door(
                            new ServerAddress.Fixed(server.endpoint()),
                            server.endpoint(),
                            Optional::empty,
                            Optional::empty,
                            () -> Protocol.HTTP1,
                            Optional::empty);
            return new TcpProbing(probe, door).ask(Duration.ofMillis(500));
        }
    }

    private static TestServer.Service answering(String... parts) {
        return socket -> {
            socket.getInputStream().readNBytes(6);
            for (String part : parts) {
                socket.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
            }
        };
    }

    @Test
    void theExpectedAnswerMayComeInPartsAndAmidOthers() {
        assertThat(ask(PING, answering("hello\r\n+PO", "NG\r\n")))
                .isEqualTo(new Outcome.Passed("the expected answer"));
    }

    @Test
    void anotherAnswerNoneAndSilenceFail() {
        assertThat(ask(PING, answering("-LOADING\r\n")))
                .isEqualTo(new Outcome.Failed("not the expected answer"));
        assertThat(ask(PING, answering())).isEqualTo(new Outcome.Failed("closed without a word"));
        assertThat(ask(PING, TcpProbingTest::waits))
                .isEqualTo(new Outcome.Failed("no answer in 500ms"));
        assertThat(ask(PING, answering("x".repeat(5000) + "+PONG")))
                .isEqualTo(new Outcome.Failed("not the expected answer in its first 4 KiB"));
    }

    private static void waits(java.net.Socket socket) throws IOException {
        socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    }

    @Test
    void aConnectionIsEnoughWhereNothingIsExpected() {
        assertThat(ask(new Probe.Tcp(), answering())).isEqualTo(new Outcome.Passed("connected"));
    }
}

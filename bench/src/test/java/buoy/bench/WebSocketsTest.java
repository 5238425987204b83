package buoy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebSocketsTest {
    @Test
    void messagesComeBackFromTheServer(@TempDir Path directory) {
        assumeThat(Command.find("curl")).as("needs curl").isPresent();
        assumeThat(Command.find("taskset")).as("needs taskset").isPresent();
        Cores cores = Cores.ofThisProcess();
        int port = Ports.numbers(1).getFirst();
        String url = Door.WEBSOCKET.url(port, "/echo");
        Door.Probe probe = Door.WEBSOCKET.probe(url, 64);
        try (Child server = WebSockets.start(directory, port, cores)) {
            while (!Command.output(probe.command()).strip().equals(probe.answer())) {
                assertThat(server.isAlive()).as(server.said()).isTrue();
            }
            Load load = WebSockets.run(url, Duration.ofSeconds(1), cores);

            assertThat(load.requests()).isPositive();
            assertThat(load.errors()).isZero();
            assertThat(load.p50()).isPositive().isLessThanOrEqualTo(load.p99());
        }
    }
}

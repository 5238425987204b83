package buoy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HandshakesTest {
    @Test
    void connectionsAreReadByTheTimeThatPassed() {
        Load load =
                Handshakes.read(
                        """
                        Collecting connection statistics for 2 seconds
                        ****

                        1386 connections in 0.62s; 2235.48 connections/user sec, bytes read 300762
                        1386 connections in 3 real seconds, 217 bytes read per connection
                        """);

        assertThat(load.requests()).isEqualTo(1386);
        assertThat(load.seconds()).isEqualTo(3);
    }

    @Test
    void whatIsNoReportIsSaid() {
        assertThatThrownBy(() -> Handshakes.read("connect: Connection refused\n"))
                .isInstanceOf(BenchFailed.class)
                .hasMessageContaining("refused");
    }
}

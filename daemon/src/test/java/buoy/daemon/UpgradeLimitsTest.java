package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UpgradeLimitsTest {
    @Test
    void onlyEpollPassesSocketsOn() {
        assertThat(UpgradeLimits.of("epoll")).isEmpty();
        assertThat(UpgradeLimits.of("nio"))
                .contains(
                        "process.transport: nio: sockets do not pass to another process (stop and start buoy)");
    }
}

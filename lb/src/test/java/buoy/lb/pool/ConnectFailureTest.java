package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import org.junit.jupiter.api.Test;

class ConnectFailureTest {
    @Test
    void onlyARefusalIsTheServers() {
        assertThat(of("connect(..) failed: Connection refused")).isEqualTo(Reason.SERVER_REFUSED);
        assertThat(of("connect(..) failed: Cannot assign requested address: /198.51.100.7:80"))
                .isEqualTo(Reason.NO_LOCAL_RESOURCES);
        assertThat(of("connect(..) failed: Invalid argument")).isEqualTo(Reason.SERVER_UNREACHABLE);
        assertThat(ConnectFailure.reason(new NoRouteToHostException()))
                .isEqualTo(Reason.SERVER_UNREACHABLE);
        assertThat(ConnectFailure.reason(new ConnectTimeoutException()))
                .isEqualTo(Reason.CONNECT_TIMEOUT);
    }

    private static Reason of(String words) {
        return ConnectFailure.reason(new ConnectException(words));
    }
}

package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.LiveSession;
import buoy.lb.SessionFilter;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A connection that speaks HTTP/2 is one of the sessions that are listed, whatever it carries. */
class ListedStreamsTest {
    private static LiveSession one(Running buoy) {
        try {
            return buoy.balancer()
                    .sessions(SessionFilter.ALL, 10, Duration.ofSeconds(10))
                    .sessions()
                    .getFirst();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itsExchangesAreCountedAndEndedTogether() throws Exception {
        try (TestServer server =
                        TestServer.start(socket -> socket.getInputStream().readAllBytes());
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(
                                                Configs.http(
                                                        "web",
                                                        List.of(Configs.loopback(0)),
                                                        "app")),
                                        List.of(Configs.pool("app", server.endpoint()))));
                StreamsCaller caller = new StreamsCaller(buoy.port("web"))) {
            caller.headers(1, true, StreamsCaller.request("GET", "/a"));
            caller.headers(3, true, StreamsCaller.request("GET", "/b"));
            Await.until(
                    () -> "both are with a server: " + one(buoy),
                    () -> one(buoy).doing().exchanges() == 2 && server.accepted() == 2);
            Await.until(
                    () -> "both have a connection: " + one(buoy),
                    () -> one(buoy).doing().state() == Doing.State.EXCHANGE);
            Doing doing = one(buoy).doing();
            assertThat(doing.version()).contains("2");
            assertThat(doing.targets()).hasToString("[app/s1]");

            assertThat(buoy.balancer().endSession(one(buoy).id(), Duration.ofSeconds(10)))
                    .isPresent();
            assertThat(caller.answer(1).status()).isEqualTo("503");
            Await.until(
                    "both are counted",
                    () ->
                            buoy.listener("web")
                                    .totals()
                                    .failures()
                                    .equals(Map.of(Reason.KILLED, 2L)));
        }
    }
}

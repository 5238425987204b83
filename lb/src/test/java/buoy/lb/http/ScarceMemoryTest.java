package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.kit.Await;
import buoy.lb.pool.Reason;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What those who take slowly hold is bounded, over all of them. */
class ScarceMemoryTest {
    private static final int MIB = 1 << 20;
    private static final String SOME = "0123456789abcdef".repeat(4096);

    private static void answer(Origin.Talk talk) throws java.io.IOException {
        for (String head = talk.head(); !head.isEmpty(); head = talk.head()) {
            if (head.startsWith("GET /endless ")) {
                talk.write("HTTP/1.1 200 OK\r\n\r\n");
                for (int i = 0; i < 10_000; i++) {
                    talk.write(SOME);
                }
            }
            talk.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    }

    @Test
    void fourHundredSlowReadersLeaveRoomForOthers() throws Exception {
        List<Caller> slow = new ArrayList<>();
        try (Origin origin = new Origin(ScarceMemoryTest::answer)) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.memory = 32 * MIB;
            try (Proxy proxy = setup.start();
                    Caller kept = proxy.call()) {
                for (int i = 0; i < 400; i++) {
                    Caller caller = proxy.call();
                    slow.add(caller);
                    caller.socket.setReceiveBufferSize(4096);
                    caller.get("/endless");
                }
                for (Caller caller : slow) {
                    assertThat(caller.head()).startsWith("HTTP/1.1 200 OK");
                    assertThat(caller.read(16)).isEqualTo(SOME.substring(0, 16));
                }
                // Nobody is refused, and everybody gets what there is.
                assertThat(kept.get("/").response()).endsWith("ok");
                try (Caller fresh = proxy.call()) {
                    assertThat(fresh.get("/").response()).endsWith("ok");
                }
                assertThat(proxy.listening.totals().failures()).isEmpty();
            } finally {
                for (Caller caller : slow) {
                    caller.close();
                }
            }
        }
    }

    @Test
    void whoComesWhenNearlyAllIsTakenIsRefused() throws Exception {
        try (Origin origin = new Origin(ScarceMemoryTest::answer)) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.memory = 16 * MIB;
            try (Proxy proxy = setup.start();
                    Caller kept = proxy.call()) {
                assertThat(kept.get("/").response()).endsWith("ok");
                ByteBuf taken = proxy.workers.get(0).allocator().directBuffer(13 * MIB);
                try {
                    Await.until("the worker has seen it", proxy.workers.get(0).memory()::isSpent);
                    try (Caller refused = proxy.call()) {
                        assertThat(refused.socket.getInputStream().read()).isEqualTo(-1);
                    }
                    assertThat(kept.get("/").response()).endsWith("ok");
                } finally {
                    taken.release();
                }
                Await.until("room again", () -> !proxy.workers.get(0).memory().isScarce());
                try (Caller fresh = proxy.call()) {
                    assertThat(fresh.get("/").response()).endsWith("ok");
                }
                assertThat(proxy.listening.totals().failures())
                        .isEqualTo(Map.of(Reason.MEMORY_LIMIT, 1L));
            }
        }
    }
}

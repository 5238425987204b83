package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Pool.Protocol;
import buoy.lb.kit.Await;
import buoy.lb.pool.Reason;
import buoy.lb.worker.Memory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who take slowly hold is bounded, over all of them. */
class ScarceMemoryTest {
    private static final int MIB = 1 << 20;
    private static final String SOME = "0123456789abcdef".repeat(4096);

    private static void answer(Origin.Talk talk) throws IOException {
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
    void aHundredSlowReadersLeaveRoomForOthers() throws Exception {
        List<Caller> slow = new ArrayList<>();
        try (Origin origin = new Origin(ScarceMemoryTest::answer)) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.memory = 8 * MIB;
            try (Proxy proxy = setup.start();
                    Caller kept = proxy.call()) {
                for (int i = 0; i < 100; i++) {
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

    /** As events are: each would hold the buffer that it was read into. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manySmallPiecesTakeLittleMoreThanTheirLength(boolean up) throws Exception {
        AtomicInteger said = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.write(
                                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                                    if (!up) {
                                        sayApiece(said, talk::write);
                                    }
                                    waitFor(over);
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.socket.setReceiveBufferSize(4096);
            if (up) {
                caller.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
                Thread.ofVirtual().start(() -> sayApiece(said, caller::raw));
            } else {
                caller.get("/");
            }
            int before = -1;
            for (int still = 0; still < 5; ) {
                int now = said.get();
                still = now == before ? still + 1 : 0;
                before = now;
                TimeUnit.MILLISECONDS.sleep(100);
            }
            PooledByteBufAllocator pool = (PooledByteBufAllocator) proxy.workers.get(0).allocator();
            assertThat(pool.pinnedDirectMemory()).isLessThan(300_000);
        } finally {
            over.countDown();
        }
    }

    private static void waitFor(CountDownLatch over) {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private interface Says {
        void say(String text) throws IOException;
    }

    private static void sayApiece(AtomicInteger said, Says to) {
        try {
            for (int i = 0; i < 100_000; i++) {
                to.say("64\r\n" + "e".repeat(100) + "\r\n");
                said.incrementAndGet();
                // Too quick for a sleep, and not so quick that they are read together.
                long next = System.nanoTime() + 20_000;
                while (System.nanoTime() < next) {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    @Test
    void serversOfHttp2AreGrantedLittleMeanwhile() throws Exception {
        try (StreamsOrigin origin =
                new StreamsOrigin(
                        (talk, frame) -> {
                            if (frame.ends()) {
                                talk.headers(
                                        frame.stream(), false, ":status: 200\ncontent-length: 2");
                                talk.data(frame.stream(), true, "ok");
                            }
                        })) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.protocol = Protocol.H2C;
            setup.memory = 16 * MIB;
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                Memory memory = proxy.workers.memory();
                assertThat(caller.get("/").response()).endsWith("ok");
                assertThat(origin.window()).isEqualTo(128 * 1024);
                ByteBuf taken = proxy.workers.get(0).allocator().directBuffer(5 * MIB);
                try {
                    Await.until("scarce", memory::isScarce);
                    assertThat(caller.get("/").response()).endsWith("ok");
                    assertThat(origin.window()).isEqualTo(16 * 1024);
                } finally {
                    taken.release();
                }
                Await.until("room again", () -> !memory.isScarce());
                assertThat(caller.get("/").response()).endsWith("ok");
                assertThat(origin.window()).isEqualTo(128 * 1024);
                assertThat(origin.connections()).isOne();
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

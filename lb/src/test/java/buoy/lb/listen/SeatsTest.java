package buoy.lb.listen;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener.Admission;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.pool.Reason;
import buoy.lb.worker.Workers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Places of sessions that no connection stands for. */
class SeatsTest {
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();

    private static Listening datagrams(int most, Places places) {
        return datagrams(most, places, Admission.ANY);
    }

    private static Listening datagrams(int most, Places places, Admission admission) {
        DatagramFront front = (_, _) -> new ChannelInboundHandlerAdapter();
        return new Listening(
                "in", 2, most, places, new Leaving(), front, Optional.empty(), admission);
    }

    private static boolean noRoom() {
        return false;
    }

    private static Workers workers(long memory) throws Exception {
        return Workers.start(Configs.of(List.of(), List.of()).process(), memory);
    }

    @Test
    void whoConnectsLeavesThemTheirPartAndTheyNeverHaveMoreOfIt() throws Exception {
        Workers workers = workers(1L << 40);
        try {
            Places places = new Places(8);
            Listening listening = datagrams(100, places);
            for (int i = 0; i < 6; i++) {
                assertThat(places.take()).isTrue();
            }
            AtomicInteger asked = new AtomicInteger();
            BooleanSupplier asking = () -> asked.incrementAndGet() == 0;
            List<Runnable> seats = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                seats.add(
                        listening
                                .seat(workers.get(0), CLIENT, SeatsTest::noRoom, asking)
                                .orElseThrow());
            }
            assertThat(listening.seat(workers.get(0), CLIENT, SeatsTest::noRoom, asking)).isEmpty();
            assertThat(asked).as("nobody had to go for those who connect").hasValue(0);

            for (int i = 0; i < 6; i++) {
                places.give();
            }
            for (int i = 2; i < 6; i++) {
                seats.add(
                        listening
                                .seat(workers.get(0), CLIENT, SeatsTest::noRoom, SeatsTest::noRoom)
                                .orElseThrow());
            }
            assertThat(listening.seat(workers.get(0), CLIENT, SeatsTest::noRoom, SeatsTest::noRoom))
                    .isEmpty();
            assertThat(
                            listening.seat(
                                    workers.get(0),
                                    CLIENT,
                                    SeatsTest::noRoom,
                                    () -> {
                                        seats.removeFirst().run();
                                        return true;
                                    }))
                    .isPresent();
            assertThat(places.taken()).isEqualTo(6);
            assertThat(listening.connected()).isEqualTo(6);
            assertThat(listening.totals().failures().get(Reason.CONNECTION_LIMIT)).isEqualTo(2);
        } finally {
            workers.close(Duration.ofSeconds(5));
        }
    }

    /** Who has all that is its own is no reason for anybody to go. */
    @Test
    void nobodyGoesForAClientThatIsNotLetIn() throws Exception {
        Workers workers = workers(1L << 40);
        try {
            Listening listening =
                    datagrams(1, new Places(8), new Admission(OptionalInt.of(1), List.of()));
            Runnable seat =
                    listening
                            .seat(workers.get(0), CLIENT, SeatsTest::noRoom, SeatsTest::noRoom)
                            .orElseThrow();
            AtomicInteger asked = new AtomicInteger();
            BooleanSupplier asking = () -> asked.incrementAndGet() == 0;
            assertThat(listening.seat(workers.get(0), CLIENT, asking, asking)).isEmpty();
            assertThat(asked).hasValue(0);
            assertThat(listening.totals().failures())
                    .containsOnlyKeys(Reason.CLIENT_CONNECTION_LIMIT);
            InetAddress another = InetAddress.ofLiteral("127.0.0.2");
            assertThat(listening.seat(workers.get(0), another, asking, asking)).isEmpty();
            assertThat(asked).hasValue(1);
            seat.run();
            listening.seat(workers.get(0), another, asking, asking).orElseThrow().run();
            assertThat(listening.seat(workers.get(0), another, asking, asking)).isPresent();
        } finally {
            workers.close(Duration.ofSeconds(5));
        }
    }

    @Test
    void theLastOfTheMemoryIsForTheConnectionsThereAre() throws Exception {
        Workers workers = workers(1);
        ByteBuf taken = workers.get(0).allocator().directBuffer();
        try {
            Await.until("it is spent", () -> workers.memory().isSpent());
            Listening listening = datagrams(100, new Places(8));
            assertThat(listening.seat(workers.get(0), CLIENT, SeatsTest::noRoom, SeatsTest::noRoom))
                    .isEmpty();
            assertThat(listening.totals().failures()).containsOnlyKeys(Reason.MEMORY_LIMIT);
            assertThat(listening.connected()).isZero();
        } finally {
            taken.release();
            workers.close(Duration.ofSeconds(5));
        }
    }

    @Test
    void theyHaveNoMoreThanThereArePortsFor() {
        Places places = new Places(100, 10);
        assertThat(places.seats().most()).isEqualTo(10);
        places.most(8);
        assertThat(places.seats().most()).isEqualTo(6);
    }

    @Test
    void onlyThoseThatAreOwedSomethingAreWaitedFor() throws Exception {
        Places places = new Places(8);
        assertThat(places.seats().take() && places.takeSeated()).isTrue();
        assertThat(places.awaitNobody(Duration.ZERO)).isTrue();
        places.owes();
        assertThat(places.awaitNobody(Duration.ZERO)).isFalse();
        places.settled();
        assertThat(places.awaitNobody(Duration.ZERO)).isTrue();
        assertThat(places.take()).isTrue();
        assertThat(places.awaitNobody(Duration.ZERO)).isFalse();
        places.give();
        assertThat(places.awaitNobody(Duration.ZERO)).isTrue();
    }
}

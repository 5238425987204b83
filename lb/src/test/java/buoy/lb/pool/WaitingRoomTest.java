package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.kit.Configs;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {
    private static Workers workers;
    private static Worker worker;

    private final WaitingRoom room = new WaitingRoom(4);
    private final List<Integer> looked = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        workers = Workers.start(Configs.of(List.of(), List.of()).process());
        worker = workers.get(0);
    }

    @AfterAll
    static void stop() throws Exception {
        workers.close(Duration.ofSeconds(5));
    }

    /** Comes in, and looks at each news. */
    private final class Guest implements WaitingRoom.Guest {
        private final int number;
        private final boolean inVain;

        Guest(int number, boolean inVain) {
            this.number = number;
            this.inVain = inVain;
            assertThat(room.enter(worker, this, 20_000)).isTrue();
        }

        @Override
        public void wake() {
            room.ask(worker, this);
        }

        @Override
        public void turn() {
            looked.add(number);
            if (inVain) {
                room.over(worker);
            } else {
                room.leave(worker, this);
            }
        }
    }

    private List<Guest> guests(int count, boolean inVain) {
        return IntStream.range(0, count).mapToObj(i -> new Guest(i, inVain)).toList();
    }

    private static Integer[] upTo(int count) {
        return IntStream.range(0, count).boxed().toArray(Integer[]::new);
    }

    @Test
    void aFewHaveTheirTurnAndOthersFollowInTheOrderTheyCame() {
        var _ = guests(10, false);
        room.wake(worker);
        assertThat(looked).containsExactly(upTo(4));
        room.wake(worker);
        assertThat(looked).as("news gives no second turn").containsExactly(upTo(4));
        room.over(worker);
        assertThat(looked).containsExactly(upTo(5));
        for (int i = 0; i < 9; i++) {
            room.over(worker);
        }
        assertThat(looked).containsExactly(upTo(10));
        assertThat(room.waiting()).isZero();
        new Guest(10, false).wake();
        assertThat(looked).as("all turns are over").containsExactly(upTo(11));
    }

    @Test
    void whoLooksInVainKeepsNobodyFromLooking() {
        var _ = guests(10_000, true);
        room.wake(worker);
        assertThat(looked).containsExactly(upTo(10_000));
        room.wake(worker);
        assertThat(looked).hasSize(20_000);
        assertThat(room.waiting()).isEqualTo(10_000);
    }

    @Test
    void whoLeavesIsGivenNoTurn() {
        List<Guest> guests = guests(6, false);
        room.wake(worker);
        room.leave(worker, guests.get(4));
        room.over(worker);
        assertThat(looked).containsExactly(0, 1, 2, 3, 5);
    }
}

package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.pool.Line.Place;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LineTest {
    private static Workers workers;

    private final Line line = new Line();
    private final List<Integer> looked = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        workers = Workers.start(Configs.of(List.of(), List.of()).process());
    }

    @AfterAll
    static void stop() throws Exception {
        workers.close(Duration.ofSeconds(5));
    }

    /** On one worker or the other. */
    private Line.Guest guest(int number, boolean there) {
        return new Line.Guest() {
            @Override
            public Worker worker() {
                return workers.get(number % 2);
            }

            @Override
            public boolean look() {
                looked.add(number);
                return there;
            }
        };
    }

    private Place enter(int number, boolean there) {
        return Objects.requireNonNull(line.enter(guest(number, there), 10));
    }

    private void awaitLooked(Integer... numbers) {
        Await.until(() -> "looked: " + looked, () -> looked.equals(List.of(numbers)));
    }

    @Test
    void whoLookedInVainStandsWhereItStood() {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            places.add(enter(i, true));
        }
        line.next();
        awaitLooked(0);
        line.next();
        awaitLooked(0, 1);
        line.back(places.get(0));
        line.back(places.get(1));
        line.next();
        awaitLooked(0, 1, 0);
        assertThat(line.length()).isEqualTo(3);
    }

    @Test
    void whoLeftIsPassedOver() {
        Place first = enter(0, false);
        Place second = enter(1, true);
        enter(2, true);
        line.leave(second);
        assertThat(line.length()).isEqualTo(2);
        // As if it left while it was told.
        line.next();
        awaitLooked(0, 2);
        line.leave(first);
        assertThat(line.length()).isEqualTo(1);
    }

    @Test
    void noMoreAreTakenInThanMay() {
        for (int i = 0; i < 10; i++) {
            enter(i, true);
        }
        assertThat(line.enter(guest(10, true), 10)).isNull();
        assertThat(line.length()).isEqualTo(10);
    }
}

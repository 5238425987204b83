package buoy.lb.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private static final long KEY = 0x1234_5678_9abc_def0L;

    @Test
    void aClientHasAsManyAsItMayAndAnotherHasItsOwn() {
        Crowd crowd = new Crowd(100);
        int first = crowd.enter(KEY, 2);
        assertThat(first).isNotNegative();
        assertThat(crowd.enter(KEY, 2)).isEqualTo(first);
        assertThat(crowd.enter(KEY, 2)).isEqualTo(Crowd.REFUSED);
        assertThat(crowd.enter(~KEY, 2)).isNotNegative();
        crowd.leave(first);
        assertThat(crowd.enter(KEY, 2)).isEqualTo(first);
        assertThat(crowd.enter(KEY, 2)).isEqualTo(Crowd.REFUSED);
        assertThat(crowd.enter(KEY, 3)).as("the limit was raised").isEqualTo(first);
    }

    @Test
    void whoLeftIsForgotten() {
        Crowd crowd = new Crowd(100);
        List<Integer> seats = new ArrayList<>();
        for (int round = 0; round < 100; round++) {
            // Keys of one place, each another one.
            for (int i = 0; i < 8; i++) {
                int seat = crowd.enter((round * 8L + i + 1) << 40, 1);
                assertThat(seat).isNotNegative();
                seats.add(seat);
            }
            assertThat(crowd.enter(-1L << 40, 1)).isEqualTo(Crowd.UNCOUNTED);
            seats.forEach(crowd::leave);
            seats.clear();
        }
    }

    @Test
    void whoIsNotCountedLeavesWithoutATrace() {
        Crowd crowd = new Crowd(100);
        crowd.leave(Crowd.UNCOUNTED);
        int seat = crowd.enter(KEY, 1);
        assertThat(crowd.enter(KEY, 1)).isEqualTo(Crowd.REFUSED);
        crowd.leave(seat);
        assertThat(crowd.enter(KEY, 1)).isNotNegative();
    }

    @Test
    void workersThatLetClientsInAtOneTimeNeverLetOneTooManyIn() throws Exception {
        int clients = 6;
        int most = 3;
        Crowd crowd = new Crowd(100);
        AtomicInteger[] in = new AtomicInteger[clients];
        for (int i = 0; i < clients; i++) {
            in[i] = new AtomicInteger();
        }
        AtomicInteger highest = new AtomicInteger();
        AtomicInteger uncounted = new AtomicInteger();
        try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int worker = 0; worker < 4; worker++) {
                SplittableRandom random = new SplittableRandom(worker);
                tasks.add(
                        () -> {
                            List<int[]> held = new ArrayList<>();
                            for (int i = 0; i < 200_000; i++) {
                                int client = random.nextInt(clients);
                                int seat = crowd.enter((client + 1L) << 40, most);
                                if (seat == Crowd.UNCOUNTED) {
                                    uncounted.incrementAndGet();
                                } else if (seat != Crowd.REFUSED) {
                                    int now = in[client].incrementAndGet();
                                    highest.accumulateAndGet(now, Math::max);
                                    held.add(new int[] {client, seat});
                                }
                                if (held.size() > 3) {
                                    int[] out = held.remove(random.nextInt(held.size()));
                                    in[out[0]].decrementAndGet();
                                    crowd.leave(out[1]);
                                }
                            }
                            held.forEach(
                                    out -> {
                                        in[out[0]].decrementAndGet();
                                        crowd.leave(out[1]);
                                    });
                            return 0;
                        });
            }
            for (Future<Integer> each : workers.invokeAll(tasks)) {
                each.get();
            }
        }
        assertThat(highest).hasValue(most);
        assertThat(uncounted).hasValue(0);
        for (long client = 1; client <= clients; client++) {
            for (int i = 0; i < most; i++) {
                assertThat(crowd.enter(client << 40, most)).isNotNegative();
            }
            assertThat(crowd.enter(client << 40, most)).isEqualTo(Crowd.REFUSED);
        }
    }
}

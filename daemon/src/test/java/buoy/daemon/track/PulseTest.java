package buoy.daemon.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Looks every 250 ms at a worker that shows no life. */
class PulseTest {
    private static final int LOOK = 250;

    private Pulse pulse = Pulse.first(0);
    private long now;
    private long silentMillis;
    private long onCore = 1000;
    private long queued;

    @Test
    void aWorkerThatSleepsThroughTwoSecondsHangs() {
        looks(7, 0, 0, false);
        assertThat(pulse.hangs()).isFalse();
        // The first look at its times has nothing to compare with, and counts in full.
        looks(1, 0, 0, false);
        assertThat(pulse.hangs()).isTrue();
        assertThat(pulse.instead()).isEqualTo("it waits for something");
    }

    @Test
    void aWorkerThatComputesForTwoSecondsHangs() {
        looks(8, 250, 0, true);
        assertThat(pulse.hangs()).isTrue();
        assertThat(pulse.instead()).isEqualTo("it computes without end");
    }

    @Test
    void anEndlessLoopOnABusyMachineIsFoundByTheTimeItGot() {
        looks(8, 50, 0, true);
        assertThat(pulse.hangs()).isFalse();
        looks(40, 50, 0, true);
        assertThat(pulse.hangs()).isTrue();
    }

    @Test
    void oneThatGetsNoCoreIsStarvedHoweverLongThatLasts() {
        looks(400, 0, 0, true);
        assertThat(pulse.hangs()).isFalse();
    }

    @Test
    void oneThatGetsACoreNowAndThenAndQueuesInBetweenIsStarved() {
        looks(1, 0, 0, true);
        looks(400, 3, 246, false);
        assertThat(pulse.hangs()).isFalse();
    }

    @Test
    void aProcessThatWasStoppedIsNotHungWhenItGoesOn() {
        look(60_000, 0, 0, false);
        look(60_000, 0, 0, true);
        assertThat(pulse.hangs()).isFalse();
    }

    @Test
    void aMachineThatWasPausedWhileItRanIsNotTakenForALoop() {
        looks(1, 0, 0, true);
        look(60_000, 60_000, 0, true);
        assertThat(pulse.hangs()).isFalse();
    }

    @Test
    void aSignOfLifeForgivesEverything() {
        looks(7, 0, 0, false);
        silentMillis = 0;
        now += Duration.ofMillis(LOOK).toNanos();
        pulse = pulse.look(Duration.ofMillis(LOOK - 1), now, Optional.empty());
        looks(7, 0, 0, false);
        assertThat(pulse.hangs()).isFalse();
    }

    @Test
    void whereTheKernelTellsNothingSilenceIsAllThereIs() {
        for (int i = 0; i < 8; i++) {
            silentMillis += LOOK;
            now += Duration.ofMillis(LOOK).toNanos();
            pulse = pulse.look(Duration.ofMillis(silentMillis), now, Optional.empty());
        }
        assertThat(pulse.hangs()).isTrue();
    }

    @Test
    void readsWhatTheKernelSays() {
        String stat = "4711 (worker) 1-2) R 1 4711 4711 0 -1 4194304 ...";
        assertThat(ThreadTimes.parse("230101 3077703 2\n", stat))
                .contains(
                        new ThreadTimes(
                                Duration.ofNanos(230_101), Duration.ofNanos(3_077_703), true));
        assertThat(ThreadTimes.parse("230101 3077703 2\n", "4711 (x) S 1"))
                .get()
                .returns(false, ThreadTimes::running);
        assertThat(ThreadTimes.parse("0 0 0\n", stat)).as("a kernel that does not count").isEmpty();
        assertThat(ThreadTimes.parse("", stat)).isEmpty();
        assertThat(ThreadTimes.parse("x y z", stat)).isEmpty();
        assertThat(ThreadTimes.parse("1 2 3", "")).isEmpty();
    }

    @Test
    void theTimesOfAThreadGrowAsItRunsAndStandStillAsItSleeps() throws Exception {
        AtomicInteger number = new AtomicInteger();
        CountDownLatch known = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread sleeper =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    number.set(ownNumber());
                                    known.countDown();
                                    awaitQuietly(end);
                                });
        known.await();
        while (sleeper.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        ThreadTimes asleep = ThreadTimes.of(number.get()).orElseThrow();
        int self = ownNumber();
        ThreadTimes before = ThreadTimes.of(self).orElseThrow();
        long until = System.nanoTime() + Duration.ofMillis(50).toNanos();
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
        ThreadTimes after = ThreadTimes.of(self).orElseThrow();
        assertThat(after.running()).isTrue();
        assertThat(after.onCore()).isGreaterThan(before.onCore());
        assertThat(asleep.onCore()).isLessThan(after.onCore());
        end.countDown();
        sleeper.join();
        // The kernel takes a moment longer to forget it than Java does.
        long patience = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (ThreadTimes.of(number.get()).isPresent() && System.nanoTime() - patience < 0) {
            Thread.onSpinWait();
        }
        assertThat(ThreadTimes.of(number.get())).isEmpty();
    }

    private static int ownNumber() {
        try {
            Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            return Integer.parseInt(self.getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void looks(int count, long coreMillis, long queueMillis, boolean running) {
        for (int i = 0; i < count; i++) {
            look(LOOK, coreMillis, queueMillis, running);
        }
    }

    private void look(long afterMillis, long coreMillis, long queueMillis, boolean running) {
        now += Duration.ofMillis(afterMillis).toNanos();
        silentMillis += afterMillis;
        onCore += coreMillis;
        queued += queueMillis;
        pulse =
                pulse.look(
                        Duration.ofMillis(silentMillis),
                        now,
                        Optional.of(
                                new ThreadTimes(
                                        Duration.ofMillis(onCore),
                                        Duration.ofMillis(queued),
                                        running)));
    }
}

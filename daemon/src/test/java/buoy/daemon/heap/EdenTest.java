package buoy.daemon.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EdenTest {
    private final List<String> asked = new ArrayList<>();
    private long now;
    private long allocated;
    private long most = 1L << 30;

    private final Eden eden =
            new Eden(
                    new Collector() {
                        @Override
                        public long allocated() {
                            return allocated;
                        }

                        @Override
                        public long most() {
                            return most;
                        }

                        @Override
                        public void resizeEden(long bytes) {
                            asked.add((bytes >> 20) + " MB");
                        }

                        @Override
                        public void collectYoung() {
                            asked.add("collect");
                        }
                    },
                    () -> now);

    @Test
    void oneThatHasLittleToDoIsLeftAsItWasBuilt() {
        for (int i = 0; i < 100; i++) {
            second(5);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void itWidensUnderLoadIsHeldWideAndIsCollectedOnceWhenItNarrows() {
        second(40);
        second(40);
        assertThat(asked).containsExactly("32 MB", "32 MB");
        asked.clear();
        for (int i = 0; i < 60; i++) {
            second(1);
        }
        assertThat(asked.subList(0, 29)).containsOnly("32 MB");
        assertThat(asked.subList(29, asked.size())).containsExactly("8 MB", "collect");
    }

    @Test
    void ofASmallHeapItTakesNoMoreThanAnEighth() {
        most = 128 << 20;
        try (Eden.Room _ = eden.makeRoom()) {
            assertThat(asked).containsExactly("16 MB");
        }
        most = 32 << 20;
        eden.look();
        assertThat(asked).containsExactly("16 MB", "8 MB", "collect");
    }

    @Test
    void aPieceOfWorkHasRoomForItsOwnTimeAndIsNoLoad() {
        try (Eden.Room _ = eden.makeRoom()) {
            second(70);
        }
        assertThat(asked).containsExactly("96 MB");
        eden.look();
        second(1);
        assertThat(asked).containsExactly("96 MB", "8 MB", "collect");
    }

    @Test
    void twoThatOverlapHaveRoomUntilTheLastIsDone() {
        Eden.Room first = eden.makeRoom();
        Eden.Room second = eden.makeRoom();
        first.close();
        assertThat(asked).containsOnly("96 MB");
        second.close();
        eden.look();
        assertThat(asked).endsWith("8 MB", "collect");
    }

    @Test
    void afterItsWorkAReloadLeavesWhatTheLoadNeeds() {
        second(40);
        eden.makeRoom().close();
        eden.look();
        assertThat(asked).containsExactly("32 MB", "96 MB", "32 MB", "collect");
    }

    @Test
    void looksThatAreTooManyAreNone() {
        for (int i = 0; i < 4; i++) {
            now += Duration.ofMillis(250).toNanos();
            allocated += 10 << 20;
            eden.look();
        }
        assertThat(asked).containsExactly("32 MB");
    }

    @Test
    void theOperatorsSizeIsKnownByItsOption() {
        assertThat(Collector.isSized(List.of("buoy", "run", "-XX:MaxNewSize=16m"))).isTrue();
        assertThat(Collector.isSized(List.of("buoy", "run", "-Xmn32m"))).isTrue();
        assertThat(Collector.isSized(List.of("buoy", "run", "-Xmx2g", "-c", "b.yaml"))).isFalse();
    }

    @Test
    void onAJvmItIsLeftAlone() {
        assertThat(Collector.ofThisProcess()).isEqualTo(new Collector.LeftAlone());
    }

    private void second(long megabytes) {
        now += Duration.ofSeconds(1).toNanos();
        allocated += megabytes << 20;
        eden.look();
    }
}

package buoy.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.daemon.admin.Feed;
import buoy.daemon.events.Said;
import buoy.daemon.history.Past;
import buoy.daemon.status.Samples;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class LiveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile String said = "calm";

    private Picture picture() {
        taken.incrementAndGet();
        return new Picture(
                Samples.good(), List.of(new Said(Samples.NOW, "server", said)), true, Past.NONE);
    }

    private Live live() {
        return new Live(
                this::picture, Executors.newVirtualThreadPerTaskExecutor(), cuts::incrementAndGet);
    }

    private static void await(BooleanSupplier holds) throws InterruptedException {
        for (long since = System.nanoTime(); !holds.getAsBoolean(); ) {
            assertThat(System.nanoTime() - since).isLessThan(PATIENCE.toNanos());
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static List<String> all(Feed reader) {
        List<String> all = new ArrayList<>();
        for (Optional<String> next = reader.next(); next.isPresent(); next = reader.next()) {
            all.add(next.get());
        }
        return all;
    }

    @Test
    void aReaderGetsEveryPartOnceAndThenWhatChanged() throws Exception {
        Live live = live();
        Feed reader = live.reader();
        assertThat(reader.next()).isEmpty();
        reader.begin(() -> {});
        List<String> first = new ArrayList<>();
        await(
                () -> {
                    first.addAll(all(reader));
                    return first.size() >= Part.ALL.size();
                });
        assertThat(first)
                .extracting(each -> each.substring(7, each.indexOf('\n')))
                .containsExactlyInAnyOrderElementsOf(Part.ALL.stream().map(Part::id).toList());
        int pictures = taken.get();
        await(() -> taken.get() > pictures + 1);
        assertThat(all(reader)).isEmpty();
        said = "a1 is down";
        List<String> next = new ArrayList<>();
        await(
                () -> {
                    next.addAll(all(reader));
                    return !next.isEmpty();
                });
        assertThat(next)
                .singleElement()
                .asString()
                .startsWith("event: recent\ndata: ")
                .contains("a1 is down");
        reader.end(false);
        assertThat(cuts).hasValue(0);
    }

    @Test
    void nothingIsDoneWhileNobodyLooks() throws Exception {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Live live = new Live(this::picture, tasks::add, cuts::incrementAndGet);
        Feed first = live.reader();
        assertThat(tasks).isEmpty();
        first.begin(() -> {});
        Feed second = live.reader();
        second.begin(() -> {});
        assertThat(tasks).as("one taker of pictures for all").hasSize(1);
        first.end(true);
        second.end(false);
        tasks.remove().run();
        assertThat(taken).hasValue(0);
        assertThat(cuts).hasValue(1);
        live.reader().begin(() -> {});
        assertThat(tasks).as("and anew for who comes then").hasSize(1);
        live.close();
        tasks.remove().run();
    }

    @Test
    void whereNoPictureCanBeHadReadersAreSentAwayAndMayComeAgain() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Live live =
                new Live(
                        () -> {
                            throw new IllegalStateException("a bug");
                        },
                        tasks::add,
                        cuts::incrementAndGet);
        Feed reader = live.reader();
        AtomicInteger woken = new AtomicInteger();
        reader.begin(woken::incrementAndGet);
        Runnable task = tasks.remove();
        assertThatThrownBy(task::run).hasMessage("a bug");
        assertThat(woken).hasValue(1);
        assertThat(reader.over()).isTrue();
        reader.end(false);
        Feed again = live.reader();
        again.begin(() -> {});
        assertThat(again.over()).isFalse();
        assertThat(tasks).hasSize(1);
    }

    @Test
    void whoReadsAtTheEndIsSentAway() {
        Live live = live();
        Feed reader = live.reader();
        assertThat(reader.over()).isFalse();
        live.close();
        assertThat(reader.over()).isTrue();
    }

    @Test
    void noLineOfAnEventIsAnybodysButOurs() {
        said = "x\rdata: y\nevent: verdict\r\n\r\nz";
        String frame = Live.frame(part("recent"), picture());
        assertThat(frame).doesNotContain("\r").endsWith("\n\n");
        assertThat(frame.substring(0, frame.length() - 2).lines().skip(1))
                .allSatisfy(line -> assertThat(line).startsWith("data: "));
    }

    private static Part part(String id) {
        return Part.ALL.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    }
}

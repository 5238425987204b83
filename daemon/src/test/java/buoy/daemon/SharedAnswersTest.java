package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.admin.Answer;
import buoy.daemon.admin.Handler;
import buoy.daemon.admin.Request;
import buoy.daemon.status.Samples;
import buoy.daemon.status.Status;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pictures of thousands of servers are taken as seldom as possible. */
class SharedAnswersTest {
    private final AtomicInteger pictures = new AtomicInteger();
    private final CountDownLatch taking = new CountDownLatch(1);
    private final CountDownLatch taken = new CountDownLatch(1);

    private Status picture() {
        pictures.incrementAndGet();
        taking.countDown();
        try {
            taken.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return Samples.good();
    }

    private static CompletableFuture<Answer> ask(Handler handler, String path) {
        return handler.answer(Request.of("GET", path)).toCompletableFuture();
    }

    @Test
    void whoScrapesMeanwhileGetsTheSameAndAStatusIsOfLater() throws InterruptedException {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Handler handler = new WillingCommands().api(executor, this::picture).admin();
            CompletableFuture<Answer> first = ask(handler, "/metrics");
            taking.await();
            List<CompletableFuture<Answer>> scrapes =
                    Stream.generate(() -> ask(handler, "/metrics")).limit(10).toList();
            List<CompletableFuture<Answer>> statuses =
                    Stream.generate(() -> ask(handler, "/api/v1/status")).limit(10).toList();
            int before = pictures.get();
            taken.countDown(); // whatever follows: who takes a picture waits for it
            assertThat(before).isEqualTo(1);

            byte[] text = first.join().more().getFirst();
            assertThat(scrapes).allMatch(each -> each.join().more().getFirst() == text);
            byte[] json = statuses.getFirst().join().more().getFirst();
            assertThat(statuses).allMatch(each -> each.join().more().getFirst() == json);
            assertThat(json).isNotEqualTo(text);
            assertThat(pictures).hasValue(2);
        }
    }
}

package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PollerTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final Kernel kernel = Kernel.load();

    @Test
    void aTimeoutIsWaitedOutToTheNanosecond() throws SyscallFailed {
        try (var poller = Poller.open(kernel)) {
            for (var wait : new long[] {0, 300_000, 5_000_000, 1_000_000_001}) {
                var start = System.nanoTime();
                poller.await(wait);
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(wait);
            }
            poller.await(-1); // a deadline that has passed
        }
    }

    @Test
    void anotherThreadEndsTheWait() throws Exception {
        try (var poller = Poller.open(kernel)) {
            var waker = Thread.ofPlatform().start(poller::wake);
            poller.await(HOUR);
            waker.join();
        }
    }

    @Test
    void wakeUpsBeforeTheWaitEndItOnce() throws SyscallFailed {
        try (var poller = Poller.open(kernel)) {
            poller.wake();
            poller.wake();
            poller.await(HOUR);
            var start = System.nanoTime();
            poller.await(20_000_000);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
        }
    }

    @Test
    void endsWhenAWatchedDescriptorCanBeRead() throws SyscallFailed {
        try (var poller = Poller.open(kernel);
                var other =
                        Descriptor.of(kernel, kernel.posix().eventfd(1, 0), "eventfd", "test")) {
            poller.watch(other.fd());
            poller.await(HOUR);
            poller.unwatch(other.fd());
            var start = System.nanoTime();
            poller.await(20_000_000);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
        }
    }

    @Test
    void aWakeUpAfterTheEndTouchesNothing() throws SyscallFailed {
        var poller = Poller.open(kernel);
        poller.close();
        try (var successor = Poller.open(kernel)) { // gets the same descriptor number
            poller.wake();
            var start = System.nanoTime();
            successor.await(20_000_000);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
        }
    }
}

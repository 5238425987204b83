package buoy.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.linux.Account;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AccountsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void aNameServiceThatHangsHoldsUpNobodyAndIsAskedOnce() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        Accounts accounts =
                new Accounts(
                        name -> {
                            if (name.equals("slow")) {
                                asked.incrementAndGet();
                                try {
                                    answers.await();
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                            }
                            return name.equals("none")
                                    ? Optional.empty()
                                    : Optional.of(new Account(7, 8));
                        });
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> accounts.named("slow", Duration.ofMillis(20)))
                    .isInstanceOf(TimeoutException.class);
        }
        assertThat(accounts.named("other", LONG)).contains(new Account(7, 8));
        assertThat(accounts.named("none", LONG)).isEmpty();

        answers.countDown();
        assertThat(accounts.named("slow", LONG)).contains(new Account(7, 8));
        assertThat(asked.get()).isBetween(1, 2);
    }

    @Test
    void whoWasFoundIsKnownWhenTheNameServiceHangs() throws Exception {
        AtomicReference<Optional<Account>> answer =
                new AtomicReference<>(Optional.of(new Account(7, 8)));
        CountDownLatch answers = new CountDownLatch(1);
        AtomicBoolean hangs = new AtomicBoolean();
        Accounts accounts =
                new Accounts(
                        _ -> {
                            try {
                                if (hangs.get()) {
                                    answers.await();
                                }
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                            return answer.get();
                        });
        assertThat(accounts.named("app", LONG)).contains(new Account(7, 8));
        hangs.set(true);
        // What an answer leaves behind may be met once more.
        for (int i = 0; i < 3; i++) {
            assertThat(accounts.named("app", Duration.ofMillis(20))).contains(new Account(7, 8));
        }

        answer.set(Optional.empty());
        answers.countDown();
        long deadline = System.nanoTime() + LONG.toNanos();
        while (accounts.named("app", LONG).isPresent()) {
            assertThat(System.nanoTime() - deadline).isNegative();
        }
    }
}

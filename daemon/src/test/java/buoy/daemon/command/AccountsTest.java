package buoy.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.linux.Account;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
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
}

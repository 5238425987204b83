package buoy.daemon.command;

import buoy.linux.Account;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Looks users up, and waits for the host's name service no longer than who asks can. It cannot be
 * interrupted: each name is asked for once at a time, on a thread of its own, which all who want it
 * wait for.
 */
final class Accounts {
    private final Function<String, Optional<Account>> service;
    private final Map<String, FutureTask<Optional<Account>>> underWay = new ConcurrentHashMap<>();

    /**
     * @param service may take as long as it wants
     */
    Accounts(Function<String, Optional<Account>> service) {
        this.service = service;
    }

    /**
     * Empty if there is no such user.
     *
     * @throws TimeoutException if it was not found out in time
     */
    Optional<Account> named(String name, Duration patience)
            throws InterruptedException, TimeoutException {
        FutureTask<Optional<Account>> answer = underWay.computeIfAbsent(name, this::ask);
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the lookup of " + name, e.getCause());
        }
    }

    private FutureTask<Optional<Account>> ask(String name) {
        FutureTask<Optional<Account>> answer = new FutureTask<>(() -> service.apply(name));
        // A virtual thread would hold up others as long as it is in the C library.
        Thread.ofPlatform()
                .daemon()
                .name("account-" + name)
                .start(
                        () -> {
                            answer.run();
                            underWay.remove(name, answer);
                        });
        return answer;
    }
}

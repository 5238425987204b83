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
 * wait for. Who was found once is known when the service does not answer.
 */
final class Accounts {
    private final Function<String, Optional<Account>> service;
    private final Map<String, FutureTask<Optional<Account>>> underWay = new ConcurrentHashMap<>();

    /** As the service said last. */
    private final Map<String, Account> known = new ConcurrentHashMap<>();

    /**
     * @param service may take as long as it wants
     */
    Accounts(Function<String, Optional<Account>> service) {
        this.service = service;
    }

    /**
     * Empty if there is no such user.
     *
     * @param patience if the user is known, a quarter of it is waited: the rest is the program's
     * @throws TimeoutException if it was not found out in time, and never before
     */
    Optional<Account> named(String name, Duration patience)
            throws InterruptedException, TimeoutException {
        Account before = known.get(name);
        FutureTask<Optional<Account>> answer = underWay.computeIfAbsent(name, this::ask);
        long nanos = before == null ? patience.toNanos() : patience.toNanos() / 4;
        try {
            return answer.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (before == null) {
                throw e;
            }
            return Optional.of(before);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the lookup of " + name, e.getCause());
        }
    }

    private Optional<Account> lookUp(String name) {
        Optional<Account> found = service.apply(name);
        found.ifPresentOrElse(account -> known.put(name, account), () -> known.remove(name));
        return found;
    }

    private FutureTask<Optional<Account>> ask(String name) {
        FutureTask<Optional<Account>> answer = new FutureTask<>(() -> lookUp(name));
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

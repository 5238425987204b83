package buoy.lb.login;

import buoy.config.model.BasicAuth.Users;
import buoy.config.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says whether credentials are right. Thread-safe. A part of the cores looks at passwords, so that
 * those who try many take nothing from the rest; their threads end when there is nothing to do.
 */
public final class Logins implements AutoCloseable {
    /** What is said about credentials. */
    public enum Answer {
        RIGHT,
        WRONG,
        /** As many wait as can be looked at in good time. */
        TOO_MANY
    }

    /** With bcrypt's usual cost a thread looks at some twenty a second. */
    private static final int MOST_WAITING = 64;

    private static final long KEEP_SECONDS = 10;

    private final Proven proven = new Proven();

    /** Equal credentials that come at one time are looked at once. */
    private final ConcurrentHashMap<Proof, CompletableFuture<Boolean>> underWay =
            new ConcurrentHashMap<>();

    private final ThreadPoolExecutor threads;

    public Logins() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), MOST_WAITING);
    }

    Logins(int atOnce, int waiting) {
        threads =
                new ThreadPoolExecutor(
                        atOnce,
                        atOnce,
                        KEEP_SECONDS,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(waiting),
                        Thread.ofPlatform().daemon().name("login-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Whether they were found right before. Costs a digest. */
    public boolean knows(Users users, Credentials credentials) {
        Secret hash = users.hashes().get(name(credentials));
        return hash != null && proven.has(Proof.of(credentials, hash.text()));
    }

    /**
     * Finds out whether they are right. Of a name that is not there as much is made as of one that
     * is, so that the time does not tell.
     *
     * @param told once, by whatever thread
     */
    public void ask(Users users, Credentials credentials, Consumer<Answer> told) {
        Secret known = users.hashes().get(name(credentials));
        String hash =
                known == null ? users.hashes().values().iterator().next().text() : known.text();
        Proof proof = Proof.of(credentials, hash);
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> other = underWay.putIfAbsent(proof, mine);
        CompletableFuture<Boolean> found = other == null ? mine : other;
        var _ =
                found.whenComplete(
                        (fits, tooMany) ->
                                told.accept(
                                        tooMany != null
                                                ? Answer.TOO_MANY
                                                : known != null && fits
                                                        ? Answer.RIGHT
                                                        : Answer.WRONG));
        if (other == null) {
            start(credentials, hash, proof, mine);
        }
    }

    private void start(
            Credentials credentials, String hash, Proof proof, CompletableFuture<Boolean> found) {
        try {
            threads.execute(
                    () -> {
                        boolean fits = false;
                        try {
                            fits = Hashes.fits(credentials.password(), hash);
                            if (fits) {
                                proven.add(proof);
                            }
                        } finally {
                            underWay.remove(proof, found);
                            found.complete(fits);
                        }
                    });
        } catch (RejectedExecutionException tooMany) {
            underWay.remove(proof, found);
            found.completeExceptionally(tooMany);
        }
    }

    private static String name(Credentials credentials) {
        return new String(credentials.name(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

package buoy.lb.login;

import buoy.config.model.BasicAuth.Users;
import buoy.config.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
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
        /** As many wait as can be looked at in good time, of all clients or of this one. */
        TOO_MANY
    }

    /** With bcrypt's usual cost a thread looks at some twenty a second. */
    private static final int MOST_WAITING = 64;

    /** Of these, those of one client: the rest is for others. */
    private static final int MOST_OF_ONE = 2;

    private static final long KEEP_SECONDS = 10;

    private final Proven proven = new Proven();

    /** Equal credentials that come at one time are looked at once. */
    private final ConcurrentHashMap<Proof, CompletableFuture<Boolean>> underWay =
            new ConcurrentHashMap<>();

    /** How many are under way for each client that has any. */
    private final ConcurrentHashMap<Long, Integer> ofOne = new ConcurrentHashMap<>();

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

    /** As below, where it makes no difference who asks. */
    public void ask(Users users, Credentials credentials, Consumer<Answer> told) {
        ask(users, credentials, OptionalLong.empty(), told);
    }

    /**
     * Finds out whether they are right. Of a name that is not there as much is made as of one that
     * is, so that the time does not tell.
     *
     * @param client who asks, as {@link buoy.lb.guard.ClientKeys} has it
     * @param told once, by whatever thread
     */
    public void ask(Users users, Credentials credentials, long client, Consumer<Answer> told) {
        ask(users, credentials, OptionalLong.of(client), told);
    }

    private void ask(
            Users users, Credentials credentials, OptionalLong client, Consumer<Answer> told) {
        Secret known = users.hashes().get(name(credentials));
        String hash =
                known == null ? users.hashes().values().iterator().next().text() : known.text();
        Proof proof = Proof.of(credentials, hash);
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> other = underWay.get(proof);
        if (other == null) {
            // Before others can join it: they are not to be turned away with this client.
            if (!enters(client)) {
                told.accept(Answer.TOO_MANY);
                return;
            }
            other = underWay.putIfAbsent(proof, mine);
            if (other != null) {
                leaves(client);
            }
        }
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
            start(credentials, hash, proof, client, mine);
        }
    }

    private boolean enters(OptionalLong client) {
        if (client.isPresent() && ofOne.merge(client.getAsLong(), 1, Integer::sum) > MOST_OF_ONE) {
            leaves(client);
            return false;
        }
        return true;
    }

    private void leaves(OptionalLong client) {
        if (client.isPresent()) {
            ofOne.merge(client.getAsLong(), -1, Integer::sum);
            ofOne.remove(client.getAsLong(), 0);
        }
    }

    private void start(
            Credentials credentials,
            String hash,
            Proof proof,
            OptionalLong client,
            CompletableFuture<Boolean> found) {
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
                            leaves(client);
                            found.complete(fits);
                        }
                    });
        } catch (RejectedExecutionException tooMany) {
            underWay.remove(proof, found);
            leaves(client);
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

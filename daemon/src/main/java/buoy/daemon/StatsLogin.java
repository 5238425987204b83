package buoy.daemon;

import buoy.config.model.AddressText;
import buoy.config.model.BasicAuth.Users;
import buoy.config.model.RateLimit;
import buoy.config.model.Secret;
import buoy.config.model.StatsSettings;
import buoy.daemon.admin.Answer;
import buoy.daemon.admin.Handler;
import buoy.daemon.admin.Request;
import buoy.daemon.admin.Visitor;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.lb.guard.ClientKeys;
import buoy.lb.guard.Rates;
import buoy.lb.login.Credentials;
import buoy.lb.login.Logins;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets those in who have to log in and do, where anybody has to, and says to what is behind who
 * they are. Whether Buoy is alive anybody may ask.
 *
 * <p>Who is let in shows the password with every request (RFC 7617), which browsers do by
 * themselves, for this origin alone. A cookie would go to every port of the host. Passwords that
 * were right before cost nothing; others are looked at {@value #AT_ONCE} times at once from one
 * address, then once in ten seconds, whether they are right or not.
 */
final class StatsLogin implements Handler, AutoCloseable {
    static final int AT_ONCE = 10;

    private static final Duration THEN_EVERY = Duration.ofSeconds(10);
    private static final Duration SAID_EVERY = Duration.ofMinutes(1);
    private static final int ADDRESSES = 1024;

    private static final String OPEN = "/healthz";

    private static final Answer UNAUTHORIZED =
            new Answer(
                    401,
                    Answer.TEXT,
                    "401 unauthorized\n",
                    Map.of("WWW-Authenticate", "Basic realm=\"buoy\", charset=\"UTF-8\""));

    private static final Answer TOO_MANY = Answer.text(503, "503 login-limit\n");

    private final Handler behind;
    private final Log log;
    private final Logins logins = new Logins();
    private final Tokens tokens = new Tokens();
    private final Rates attempts = rates(THEN_EVERY, AT_ONCE);
    private final Rates said = rates(SAID_EVERY, 1);
    private volatile StatsSettings settings;

    StatsLogin(StatsSettings settings, Handler behind, Log log) {
        this.settings = settings;
        this.behind = behind;
        this.log = log;
    }

    private static Rates rates(Duration every, int burst) {
        return new Rates(
                new RateLimit(every, burst, new RateLimit.Key.ClientAddress()),
                System.nanoTime(),
                ADDRESSES);
    }

    /** Their users, and what those may do, hold for requests from now on. */
    void obey(StatsSettings now) {
        settings = now;
    }

    @Override
    public boolean asksWho() {
        return settings.users().isPresent();
    }

    @Override
    public CompletionStage<Answer> answer(Request request) {
        StatsSettings now = settings;
        if (now.users().isEmpty() || request.path().equals(OPEN)) {
            return behind.answer(request);
        }
        Users users = now.users().get();
        Credentials shown = request.header("authorization").map(this::credentials).orElse(null);
        if (shown == null) {
            return CompletableFuture.completedFuture(UNAUTHORIZED);
        }
        if (logins.knows(users, shown)) {
            return let(request, shown, users, now.actions());
        }
        long client = request.from().map(ClientKeys::of).orElse(0L);
        long early = attempts.ask(client, System.nanoTime());
        if (early > 0) {
            return CompletableFuture.completedFuture(tooEarly(request, client, early));
        }
        CompletableFuture<Logins.Answer> told = new CompletableFuture<>();
        logins.ask(users, shown, client, told::complete);
        return told.thenCompose(
                answer ->
                        switch (answer) {
                            case RIGHT -> let(request, shown, users, now.actions());
                            case WRONG -> {
                                sayWrong(request, users.hashes().get(name(shown)), shown);
                                yield CompletableFuture.completedFuture(UNAUTHORIZED);
                            }
                            case TOO_MANY -> CompletableFuture.completedFuture(TOO_MANY);
                        });
    }

    private CompletionStage<Answer> let(
            Request request, Credentials shown, Users users, boolean actions) {
        String name = name(shown);
        Secret hash = users.hashes().get(name);
        if (hash == null) {
            throw new IllegalStateException("who is let in is one of the users");
        }
        Optional<String> token = actions ? Optional.of(tokens.of(name, hash)) : Optional.empty();
        return behind.answer(request.by(new Visitor(name, token)));
    }

    /** RFC 6585 4. */
    private Answer tooEarly(Request request, long client, long nanos) {
        if (said.ask(client, System.nanoTime()) == 0) {
            log.warn(
                    "stats",
                    "too many passwords from %s: one in %d s is looked at"
                            .formatted(from(request), THEN_EVERY.toSeconds()),
                    Fields.event(EventKind.LOGIN).and("from", from(request)));
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos) + 1;
        return new Answer(
                429,
                Answer.TEXT,
                "429 too many passwords from this address: try again in %d s\n".formatted(seconds),
                Map.of("Retry-After", String.valueOf(seconds)));
    }

    /** Without a name that is not configured: it may be a password in the wrong place. */
    private void sayWrong(Request request, @Nullable Secret known, Credentials shown) {
        String who = known == null ? "for a user that is not configured" : "for " + name(shown);
        log.warn(
                "stats",
                "wrong password %s, from %s".formatted(who, from(request)),
                Fields.event(EventKind.LOGIN).and("from", from(request)));
    }

    static String from(Request request) {
        return request.from().map(AddressText::of).orElse("the admin socket");
    }

    private static String name(Credentials shown) {
        return new String(shown.name(), StandardCharsets.UTF_8);
    }

    private @Nullable Credentials credentials(String value) {
        byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
        return Credentials.of(octets, 0, octets.length);
    }

    @Override
    public void close() {
        logins.close();
    }
}

package buoy.daemon;

import buoy.config.model.BasicAuth.Users;
import buoy.daemon.admin.Answer;
import buoy.daemon.admin.Handler;
import buoy.daemon.admin.Request;
import buoy.lb.login.Credentials;
import buoy.lb.login.Logins;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lets those in who have to log in and do, where anybody has to. Whether Buoy is alive anybody may
 * ask.
 */
final class StatsLogin implements Handler, AutoCloseable {
    private static final String OPEN = "/healthz";

    private static final Answer UNAUTHORIZED =
            new Answer(
                    401,
                    Answer.TEXT,
                    "401 unauthorized\n",
                    Map.of("WWW-Authenticate", "Basic realm=\"buoy\", charset=\"UTF-8\""));

    private static final Answer TOO_MANY = Answer.text(503, "503 login-limit\n");

    private final Handler behind;
    private final Logins logins = new Logins();
    private volatile Optional<Users> users;

    StatsLogin(Optional<Users> users, Handler behind) {
        this.users = users;
        this.behind = behind;
    }

    /** Holds for requests from now on. */
    void users(Optional<Users> now) {
        users = now;
    }

    @Override
    public CompletionStage<Answer> answer(Request request) {
        Optional<Users> now = users;
        if (now.isEmpty() || request.path().equals(OPEN)) {
            return behind.answer(request);
        }
        Credentials shown = request.authorization().map(StatsLogin::credentials).orElse(null);
        if (shown == null) {
            return CompletableFuture.completedFuture(UNAUTHORIZED);
        }
        if (logins.knows(now.get(), shown)) {
            return behind.answer(request);
        }
        CompletableFuture<Logins.Answer> said = new CompletableFuture<>();
        logins.ask(now.get(), shown, said::complete);
        return said.thenCompose(
                answer ->
                        switch (answer) {
                            case RIGHT -> behind.answer(request);
                            case WRONG -> CompletableFuture.completedFuture(UNAUTHORIZED);
                            case TOO_MANY -> CompletableFuture.completedFuture(TOO_MANY);
                        });
    }

    private static @Nullable Credentials credentials(String value) {
        byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
        return Credentials.of(octets, 0, octets.length);
    }

    @Override
    public void close() {
        logins.close();
    }
}

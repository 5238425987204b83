package buoy.lb.http;

import buoy.config.model.BasicAuth;
import buoy.lb.guard.ClientKeys;
import buoy.lb.http.Target.Passage;
import buoy.lb.http.access.Entry;
import buoy.lb.http.head.Asker;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.route.Prefix;
import buoy.lb.login.Credentials;
import buoy.lb.login.Logins.Answer;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What becomes of a request whose head is whole: the first route that matches says. */
final class Dispatch {
    private static final byte[] AUTHORIZATION = "authorization".getBytes(StandardCharsets.US_ASCII);

    private final Workshop shop;
    private final Downstream client;
    private final Exchange exchange;

    Dispatch(Workshop shop, Downstream client, Exchange exchange) {
        this.shop = shop;
        this.client = client;
        this.exchange = exchange;
    }

    /**
     * Passes the request on, or answers it.
     *
     * @param early what has come of its body; taken over
     */
    void request(RequestHead request, @Nullable ByteBuf early) {
        HttpFront front = client.front();
        if (client.facts().isMisdirected(request)) {
            Runs.release(early);
            client.answers().failed(Reason.MISDIRECTED);
            return;
        }
        String proof = front.proof(request, client.facts());
        if (proof != null) {
            Runs.release(early);
            client.answers().respond(200, proof);
            return;
        }
        int route = front.route(request, client.facts(), shop.routing);
        if (route < 0 || request.maxForwards() == 0) {
            Runs.release(early);
            client.answers().unrouted(route);
            return;
        }
        long wait = front.metering.early(route, request, client.facts());
        if (wait > 0) {
            Runs.release(early);
            client.answers().tooEarly(wait);
            return;
        }
        BasicAuth login = front.login(route);
        if (login == null) {
            go(request, route, early);
        } else {
            logIn(request, route, login, early);
        }
    }

    private void logIn(RequestHead request, int route, BasicAuth login, @Nullable ByteBuf early) {
        int line = request.line(AUTHORIZATION);
        Credentials shown =
                line < 0 || request.hasAnother(line, AUTHORIZATION)
                        ? null
                        : Credentials.of(
                                request.bytes(), request.valueStart(line), request.valueEnd(line));
        if (shown == null) {
            Runs.release(early);
            client.answers().unauthorized(login.realm());
            return;
        }
        Entry entry = client.entry();
        if (entry != null) {
            entry.user(shown.name());
        }
        if (shop.logins.knows(login.users(), shown)) {
            go(request, route, early);
            return;
        }
        exchange.await(shown, early);
        shop.logins.ask(
                login.users(),
                shown,
                ClientKeys.of(Asker.of(request, client.facts())),
                answer -> shop.worker.run(() -> loggedIn(shown, answer, route, login)));
    }

    private void loggedIn(Credentials shown, Answer answer, int route, BasicAuth login) {
        if (!exchange.resume(shown)) {
            return;
        }
        ByteBuf early = exchange.takeEarly();
        switch (answer) {
            case RIGHT -> go(client.head(), route, early);
            case WRONG -> {
                Runs.release(early);
                client.answers().unauthorized(login.realm());
            }
            case TOO_MANY -> {
                Runs.release(early);
                client.answers().failed(Reason.LOGIN_LIMIT);
            }
        }
    }

    private void go(RequestHead request, int route, @Nullable ByteBuf early) {
        switch (client.front().target(route)) {
            case Target.ToPool(var pool, var passage) -> pass(request, pool, passage, early);
            case Target.ToOneOf(var split, var passage) ->
                    pass(request, split.next(shop.worker.index()), passage, early);
            case Target.Respond(int status, String text) -> {
                Runs.release(early);
                client.answers().respond(status, text);
            }
            case Target.Redirect(var to, int status) -> {
                Runs.release(early);
                client.answers().redirect(request, to, status);
            }
            case Target.RedirectToHttps() -> {
                Runs.release(early);
                client.answers().redirectToHttps(request);
            }
        }
    }

    private void pass(RequestHead request, Pool pool, Passage passage, @Nullable ByteBuf early) {
        Prefix strip = passage.strip();
        if (strip != null) {
            strip.stripFrom(request);
        }
        client.bodyPause(passage.bodyNanos());
        Pool mirror = passage.mirror();
        if (mirror == null || request.isWebSocket()) {
            exchange.begin(request, pool, passage, early);
        } else {
            exchange.beginMirrored(request, pool, mirror, passage, early);
        }
    }
}

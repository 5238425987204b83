package buoy.lb.http;

import buoy.lb.http.Target.Passage;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.route.Prefix;
import buoy.lb.pool.Pool;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What becomes of a request whose head is whole: the first route that matches says. */
final class Dispatch {
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
        switch (front.target(route)) {
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
        exchange.begin(request, pool, passage, early);
    }
}

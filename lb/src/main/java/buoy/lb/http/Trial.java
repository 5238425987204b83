package buoy.lb.http;

import buoy.config.model.Listener;
import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.Route;
import buoy.config.model.Template;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.FieldEdits;
import buoy.lb.http.head.Output;
import buoy.lb.http.head.Refusal;
import buoy.lb.http.head.RequestHashes;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.head.RequestId;
import buoy.lb.http.head.RequestRewrite;
import buoy.lb.http.head.Variables;
import buoy.lb.http.route.MatchParts;
import buoy.lb.http.route.Prefix;
import buoy.lb.http.route.RouteTable;
import buoy.lb.pool.Work;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What a listener would do with a request, and why, without any being made. There is no second
 * reading of routes here: whatever is asked, the whole of them or one condition alone, is a {@link
 * RouteTable} as the listener has it, and what is sent on is written as it is for a server.
 */
public final class Trial {
    private final Listener.Http listener;
    private final ClientFacts client;

    /**
     * One route beside the request.
     *
     * @param misses what of it does not fit, as {@code path /api}; it fits if there is none
     */
    public record Tried(Route route, List<String> misses) {
        public Tried {
            misses = List.copyOf(misses);
        }
    }

    /** What comes of the request. */
    public sealed interface Result {
        /** It is none that is listened to. */
        record Refused(int status, String why) implements Result {}

        /**
         * A route takes it.
         *
         * @param index in the order of the file, from 0
         * @param tried all up to this one
         * @param location where a redirect leads
         * @param sent the head as servers of its pool get it, lines ending in CRLF
         * @param work what a pool may bind it to a server by
         */
        record Routed(
                int index,
                List<Tried> tried,
                Optional<String> location,
                Optional<String> sent,
                Work work)
                implements Result {
            public Routed {
                tried = List.copyOf(tried);
            }
        }

        /** Its answer is 404. */
        record Unrouted(List<Tried> tried) implements Result {
            public Unrouted {
                tried = List.copyOf(tried);
            }
        }
    }

    public Trial(Listener.Http listener, ClientFacts client) {
        this.listener = listener;
        this.client = client;
    }

    /**
     * Tries a request.
     *
     * @param text its head, lines ending in CRLF
     */
    public Result of(String text) {
        RequestHead head = head();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        head.add(bytes, 0, bytes.length);
        switch (head.parse()) {
            case COMPLETE -> {}
            case REFUSED -> {
                return refused(head.refusal());
            }
            case NEED_MORE -> throw new IllegalArgumentException("the head does not end");
        }
        List<Route> routes = listener.routes();
        int found = find(routes.stream().map(Route::match).toList(), head);
        return switch (found) {
            case RouteTable.BAD_ESCAPE -> refused(Refusal.BAD_ESCAPE);
            case RouteTable.AMBIGUOUS -> refused(Refusal.AMBIGUOUS_PATH);
            case RouteTable.NONE -> new Result.Unrouted(tried(routes, head));
            default -> routed(found, tried(routes.subList(0, found + 1), head), head);
        };
    }

    private RequestHead head() {
        return new RequestHead(
                listener.limits().headerBytes(),
                listener.limits().headers(),
                HttpFront.lenience(listener));
    }

    private static Result refused(Refusal refusal) {
        return new Result.Refused(refusal.status(), refusal.why());
    }

    private int find(List<Match> matches, RequestHead head) {
        return new RouteTable(matches).find(head, client, new RouteTable.Scratch());
    }

    private List<Tried> tried(List<Route> routes, RequestHead head) {
        return routes.stream().map(route -> new Tried(route, misses(route, head))).toList();
    }

    private List<String> misses(Route route, RequestHead head) {
        List<String> misses = new ArrayList<>();
        MatchParts.of(route.match())
                .forEach(
                        (said, match) -> {
                            if (find(List.of(match), head) != 0) {
                                misses.add(said);
                            }
                        });
        return misses;
    }

    private Result routed(int index, List<Tried> tried, RequestHead head) {
        Route route = listener.routes().get(index);
        RequestId id = new RequestId(new SplittableRandom());
        return switch (route.action()) {
            case Action.ToPool _, Action.Split _ -> {
                route.stripPrefix().ifPresent(prefix -> new Prefix(prefix).stripFrom(head));
                yield new Result.Routed(
                        index, tried, Optional.empty(), Optional.of(sent(head, id)), work(head));
            }
            case Action.Redirect(var to, int _) -> redirected(index, tried, to, head, id);
            case Action.RedirectToHttps() -> redirected(index, tried, Answers.HTTPS, head, id);
            case Action.Respond _ ->
                    new Result.Routed(index, tried, Optional.empty(), Optional.empty(), work(head));
        };
    }

    private Work work(RequestHead head) {
        return new Work() {
            @Override
            public long source() {
                return RequestHashes.source(head, client);
            }

            @Override
            public long uri() {
                return RequestHashes.uri(head);
            }

            @Override
            public long field(byte[] lower) {
                return RequestHashes.field(head, lower);
            }
        };
    }

    private Result redirected(
            int index, List<Tried> tried, Template to, RequestHead head, RequestId id) {
        return new Result.Routed(
                index,
                tried,
                Optional.of(Variables.filledIn(to, head, client, id)),
                Optional.empty(),
                work(head));
    }

    private String sent(RequestHead head, RequestId id) {
        Output output = new Output();
        RequestRewrite.write(head, client, FieldEdits.of(listener.headers().request()), id, output);
        return new String(output.bytes(), 0, output.length(), StandardCharsets.ISO_8859_1);
    }
}

package buoy.lb.http;

import buoy.config.model.BasicAuth;
import buoy.config.model.Listener;
import buoy.config.model.Listener.Action;
import buoy.config.model.ListenerTls;
import buoy.config.model.RateLimit;
import buoy.lb.http.Target.Passage;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.Coding;
import buoy.lb.http.head.FieldEdits;
import buoy.lb.http.head.Lenience;
import buoy.lb.http.head.Method;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.route.Prefix;
import buoy.lb.http.route.RouteTable;
import buoy.lb.listen.Client;
import buoy.lb.listen.ConnectionFront;
import buoy.lb.listen.Handshake;
import buoy.lb.listen.Listening;
import buoy.lb.listen.Securing;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Tally;
import buoy.lb.proxy.Ends;
import buoy.lb.select.Selector.Weighted;
import buoy.lb.worker.Worker;
import buoy.tls.Challenges;
import buoy.tls.TlsOutcome;
import io.netty.channel.socket.DuplexChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** {@code protocol: http}: one configuration of a listener, compiled. */
final class HttpFront implements ConnectionFront {
    private static final byte[] CHALLENGE = Challenges.PATH.getBytes(StandardCharsets.ISO_8859_1);

    private final Http http;
    private final Listener.Http config;
    private final RouteTable table;
    private final List<Target> targets;
    private final List<Optional<BasicAuth>> logins;
    private final AtomicReferenceArray<ArrayDeque<RequestHead>> spareHeads;
    final long idleNanos;
    final long headersNanos;
    final long bodyNanos;

    /** The most that a request may have. */
    final long bodyBytes;

    /** What is let through. */
    final Lenience lenience;

    final Metering metering;

    /** Null where nothing is changed. */
    final @Nullable FieldEdits requestEdits;

    final @Nullable FieldEdits responseEdits;

    /** Null where nothing is compressed. */
    final @Nullable Coding coding;

    /** Null where nothing is logged. */
    final @Nullable AccessLines accessLines;

    private final Map<Integer, Page> pages = new HashMap<>();

    /** An error page as it is sent. */
    @SuppressWarnings("ArrayRecordComponent") // compared with nothing, and never written to
    record Page(String mediaType, byte[] content) {}

    HttpFront(
            Http http,
            int workers,
            Listener.Http config,
            Map<String, Pool> pools,
            Metering metering,
            @Nullable AccessLines accessLines) {
        this.http = http;
        this.metering = metering;
        this.config = config;
        this.table = new RouteTable(config.routes().stream().map(Listener.Route::match).toList());
        this.targets =
                config.routes().stream().map(route -> target(route, pools, workers)).toList();
        this.logins = config.routes().stream().map(route -> route.guard().login()).toList();
        this.spareHeads = new AtomicReferenceArray<>(workers);
        this.idleNanos = config.timeouts().idle().toNanos();
        this.headersNanos = config.timeouts().headers().toNanos();
        this.bodyNanos = config.timeouts().body().toNanos();
        this.lenience = lenience(config);
        this.bodyBytes = config.limits().body().orElse(Long.MAX_VALUE);
        this.requestEdits = FieldEdits.of(config.headers().request());
        this.responseEdits = FieldEdits.of(config.headers().response());
        this.coding = config.compression().map(Coding::new).orElse(null);
        this.accessLines = accessLines;
        config.errors()
                .forEach(
                        (status, page) ->
                                pages.put(
                                        status,
                                        new Page(
                                                page.mediaType(),
                                                page.content().getBytes(StandardCharsets.UTF_8))));
    }

    private Target target(Listener.Route route, Map<String, Pool> pools, int workers) {
        return switch (route.action()) {
            case Action.ToPool(var name) ->
                    new Target.ToPool(pool(name, pools), passage(route, pools));
            case Action.Split(var shares) ->
                    new Target.ToOneOf(
                            new Split(
                                    shares.entrySet().stream()
                                            .filter(share -> share.getValue() > 0)
                                            .map(
                                                    share ->
                                                            new Weighted<>(
                                                                    pool(share.getKey(), pools),
                                                                    share.getValue()))
                                            .toList(),
                                    workers),
                            passage(route, pools));
            case Action.Respond(int status, String body) -> new Target.Respond(status, body);
            case Action.Redirect(var to, int status) -> new Target.Redirect(to, status);
            case Action.RedirectToHttps() -> new Target.RedirectToHttps();
        };
    }

    /** What is let through of its clients. */
    static Lenience lenience(Listener.Http config) {
        return Lenience.of(config.lenient(), namedFields(config));
    }

    /** Those that something here depends on. */
    private static List<String> namedFields(Listener.Http config) {
        List<String> all = new ArrayList<>(config.headers().request().set().keySet());
        all.addAll(config.headers().request().add().keySet());
        all.addAll(config.headers().request().remove());
        config.limits().rate().flatMap(HttpFront::field).ifPresent(all::add);
        for (Listener.Route route : config.routes()) {
            all.addAll(route.match().also().headers().keySet());
            route.guard().rate().flatMap(HttpFront::field).ifPresent(all::add);
        }
        return all;
    }

    private static Optional<String> field(RateLimit limit) {
        return limit.key() instanceof RateLimit.Key.Header(String name)
                ? Optional.of(name)
                : Optional.empty();
    }

    private static Pool pool(String name, Map<String, Pool> pools) {
        Pool pool = pools.get(name);
        if (pool == null) {
            throw new IllegalArgumentException("no pool " + name);
        }
        return pool;
    }

    private Passage passage(Listener.Route route, Map<String, Pool> pools) {
        return new Passage(
                route.stripPrefix().map(Prefix::new).orElse(null),
                route.mirror().map(name -> pool(name, pools)).orElse(null),
                route.timeouts().body().orElse(config.timeouts().body()).toNanos(),
                route.timeouts().tunnel().orElse(config.timeouts().tunnel()),
                route.timeouts().response(),
                route.timeouts().responseIdle());
    }

    @Override
    public Client accepted(
            Worker worker,
            Listening listening,
            DuplexChannel channel,
            Ends ends,
            Optional<Securing> tls) {
        Workshop shop = http.workshop(worker);
        ClientFacts facts =
                new ClientFacts(
                        ends,
                        tls.isPresent(),
                        config.trustedProxies(),
                        config.tls().flatMap(ListenerTls::client).isPresent());
        if (tls.isEmpty()) {
            return http1(shop, listening, channel, facts, "");
        }
        tls.get().install(channel.pipeline());
        Negotiation negotiation =
                new Negotiation(
                        shop,
                        channel,
                        tlsStands -> spoken(shop, listening, channel, facts, tlsStands),
                        failed -> count(listening.tally(worker), failed));
        channel.pipeline().addLast(negotiation);
        channel.config().setAutoRead(true);
        return negotiation;
    }

    private static void count(Tally tally, TlsOutcome.Failed failed) {
        if (failed.reason() != TlsOutcome.Reason.CHALLENGE) {
            tally.failed(Handshake.reason(failed));
        }
    }

    private Client spoken(
            Workshop shop,
            Listening listening,
            DuplexChannel channel,
            ClientFacts facts,
            TlsOutcome.Established tls) {
        tls.clientSubject().ifPresent(facts::certified);
        tls.askedFor().ifPresent(asked -> facts.askedFor(asked.name(), asked::misses));
        if (!tls.alpn().equals(Optional.of("h2"))) {
            return http1(shop, listening, channel, facts, tls.protocol());
        }
        ClientStreams streams = streams(shop, listening, channel, facts, tls.protocol());
        channel.pipeline().addLast(streams);
        return streams;
    }

    /** For a client that speaks HTTP/2; not in the pipeline yet. */
    ClientStreams streams(
            Workshop shop,
            Listening listening,
            DuplexChannel channel,
            ClientFacts facts,
            String tlsVersion) {
        channel.config().setRecvByteBufAllocator(shop.readSizing());
        return ClientStreams.of(shop, listening, this, channel, facts, tlsVersion);
    }

    private Client http1(
            Workshop shop,
            Listening listening,
            DuplexChannel channel,
            ClientFacts facts,
            String tlsVersion) {
        ClientConnection client =
                new ClientConnection(shop, listening, this, channel, facts, tlsVersion);
        channel.pipeline().addLast(client);
        client.start();
        return client;
    }

    /** Heads of this listener's size that nobody uses now. */
    ArrayDeque<RequestHead> spareHeads(Worker worker) {
        ArrayDeque<RequestHead> spare = spareHeads.getPlain(worker.index());
        if (spare == null) {
            spare = new ArrayDeque<>();
            spareHeads.setPlain(worker.index(), spare);
        }
        return spare;
    }

    /** What is said with this status instead of our own line; null if nothing is. */
    @Nullable Page page(int status) {
        return pages.isEmpty() ? null : pages.get(status);
    }

    Listener.HttpLimits limits() {
        return config.limits();
    }

    /**
     * What a CA is answered that asks in plain HTTP whether this host controls a name (RFC 8555
     * 8.3): before any route, and only for what it was told to ask for. Null for other requests.
     */
    @Nullable String proof(RequestHead head, ClientFacts client) {
        if (!http.challenges.anyHttp() || client.secure() || head.method() != Method.GET) {
            return null;
        }
        int from = head.pathStart();
        int length = head.pathEnd() - from;
        if (length <= CHALLENGE.length
                || !Arrays.equals(
                        head.bytes(),
                        from,
                        from + CHALLENGE.length,
                        CHALLENGE,
                        0,
                        CHALLENGE.length)) {
            return null;
        }
        String token =
                new String(
                        head.bytes(),
                        from + CHALLENGE.length,
                        length - CHALLENGE.length,
                        StandardCharsets.ISO_8859_1);
        return http.challenges.keyAuthorization(token).orElse(null);
    }

    /** The number of the route, or one of {@link RouteTable}'s negative answers. */
    int route(RequestHead head, ClientFacts client, RouteTable.Scratch scratch) {
        return table.find(head, client, scratch);
    }

    /** Whom requests of a route have to name; null if nobody. */
    @Nullable BasicAuth login(int route) {
        return logins.get(route).orElse(null);
    }

    Target target(int route) {
        return targets.get(route);
    }
}

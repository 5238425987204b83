package buoy.daemon.status;

import buoy.config.model.ServerAddress;
import buoy.daemon.acme.OrderStatus;
import buoy.daemon.json.JsonText;
import buoy.daemon.peer.PeerStatus;
import buoy.lb.BalancerStatus.ListenerStatus;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.pool.Percentiles;
import buoy.lb.pool.Standing;
import buoy.lb.pool.Totals;
import buoy.lb.pool.Whereabouts;
import buoy.vrrp.RouterStatus;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code GET /api/v1/status}. Names are kebab-case as in the configuration, moments are ISO 8601 in
 * UTC, durations are numbers of seconds with the unit in the name. Members are added, never
 * renamed, within v1.
 */
public final class StatusJson {
    private final JsonText json;

    public StatusJson(JsonText json) {
        this.json = json;
    }

    /** The text in UTF-8, in parts that follow one another. */
    public List<byte[]> of(Status status) {
        Slices slices = new Slices();
        json.to(
                slices,
                out -> {
                    out.useDefaultPrettyPrinter();
                    write(out, status);
                    out.writeRaw('\n');
                });
        return slices.end();
    }

    /** The same in one line. */
    public String line(Status status) {
        return json.of(out -> write(out, status));
    }

    private static void write(JsonGenerator out, Status status) throws IOException {
        out.writeStartObject();
        out.writeStringField("version", status.version());
        out.writeStringField("host", status.host());
        instant(out, "started-at", status.startedAt());
        instant(out, "at", status.at());
        seconds(out, "uptime-seconds", status.uptime());
        out.writeStringField("phase", Words.of(status.phase()));
        verdict(out, Verdict.of(status));
        configuration(out, status.configuration());
        out.writeObjectFieldStart("real-time");
        favour(out, "scheduling", status.realTime().scheduling());
        favour(out, "memory", status.realTime().memory());
        out.writeEndObject();
        array(out, "routers", status.routers(), StatusJson::router);
        array(out, "listeners", status.balancer().listeners(), StatusJson::listener);
        array(out, "pools", status.balancer().pools(), StatusJson::pool);
        out.writeStringField("transport", status.balancer().transport());
        out.writeNumberField("connections", status.balancer().connections());
        out.writeNumberField("max-connections", status.balancer().maxConnections());
        out.writeNumberField("buffered-bytes", status.balancer().buffered());
        out.writeNumberField("max-buffered-bytes", status.balancer().maxBuffered());
        array(
                out,
                "workers",
                status.balancer().workers(),
                (to, worker) -> {
                    to.writeNumberField("index", worker.index());
                    seconds(to, "tick-age-seconds", worker.sinceTick());
                    to.writeBooleanField("stuck", status.hungWorkers().containsKey(worker.index()));
                });
        array(
                out,
                "tracked",
                status.tracked(),
                (to, each) -> {
                    to.writeStringField("what", each.what());
                    to.writeStringField("state", Words.of(each.state()));
                    to.writeStringField("seen", each.seen());
                    if (each.since().isPresent()) {
                        instant(to, "since", each.since().get());
                    }
                    to.writeStringField("how", each.how());
                });
        array(
                out,
                "certificates",
                status.certificates(),
                (to, certificate) -> {
                    to.writeStringField("name", certificate.name());
                    strings(to, "names", certificate.names());
                    instant(to, "not-after", certificate.notAfter());
                    to.writeNumberField(
                            "days-left",
                            Duration.between(status.at(), certificate.notAfter()).toDays());
                });
        array(out, "orders", status.orders(), StatusJson::order);
        array(out, "peers", status.peers(), StatusJson::peer);
        array(
                out,
                "access-logs",
                status.balancer().accessLogs(),
                (to, each) -> {
                    to.writeStringField("to", each.to());
                    to.writeNumberField("written", each.written());
                    to.writeNumberField("lost", each.lost());
                    if (each.trouble().isPresent()) {
                        to.writeStringField("trouble", each.trouble().get());
                    }
                });
        out.writeNumberField("lost-log-lines", status.lostLogLines());
        out.writeEndObject();
    }

    private static void order(JsonGenerator to, OrderStatus order) throws IOException {
        to.writeStringField("certificate", order.name());
        to.writeStringField("directory", order.directory());
        strings(to, "names", order.names());
        to.writeStringField("state", Words.of(order.state()));
        to.writeStringField("why", order.why());
        if (order.next().isPresent()) {
            instant(to, "next", order.next().get());
        }
        if (order.notAfter().isPresent()) {
            instant(to, "not-after", order.notAfter().get());
        }
        to.writeNumberField("issued", order.issued());
        to.writeNumberField("failed", order.failed());
        if (order.lastFailure().isPresent()) {
            to.writeStringField("last-failure", order.lastFailure().get());
        }
    }

    private static void peer(JsonGenerator to, PeerStatus peer) throws IOException {
        to.writeStringField("address", peer.address());
        if (peer.host().isPresent()) {
            to.writeStringField("host", peer.host().get());
        }
        to.writeBooleanField("connected", peer.connected());
        instant(to, "since", peer.since());
        to.writeStringField("why", peer.why());
        to.writeNumberField("told", peer.told());
        if (peer.heard().isPresent()) {
            instant(to, "heard", peer.heard().get());
        }
    }

    private static void verdict(JsonGenerator out, Verdict verdict) throws IOException {
        out.writeStringField("health", Words.of(verdict.health()));
        array(
                out,
                "findings",
                verdict.findings(),
                (to, finding) -> {
                    to.writeStringField("severity", Words.of(finding.severity()));
                    to.writeStringField("subject", finding.subject());
                    to.writeStringField("text", finding.text());
                });
    }

    private static void configuration(JsonGenerator out, Status.Configuration configuration)
            throws IOException {
        out.writeObjectFieldStart("configuration");
        out.writeStringField("file", configuration.file());
        out.writeStringField("hash", configuration.hash());
        instant(out, "loaded-at", configuration.loadedAt());
        strings(out, "warnings", configuration.warnings());
        if (configuration.lastReload().isPresent()) {
            Status.Reload reload = configuration.lastReload().get();
            out.writeObjectFieldStart("last-reload");
            instant(out, "at", reload.at());
            out.writeStringField("result", reload.result());
            strings(out, "lines", reload.lines());
            out.writeEndObject();
        }
        out.writeObjectFieldStart("reloads");
        out.writeNumberField("applied", configuration.reloads().applied());
        out.writeNumberField("rejected", configuration.reloads().rejected());
        out.writeNumberField("refused", configuration.reloads().refused());
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void favour(JsonGenerator out, String name, RealTimeStatus.Favour favour)
            throws IOException {
        out.writeObjectFieldStart(name);
        out.writeBooleanField("in-force", favour instanceof RealTimeStatus.InForce);
        switch (favour) {
            case RealTimeStatus.InForce _ -> {}
            case RealTimeStatus.Refused(var why) -> out.writeStringField("refused", why);
            case RealTimeStatus.NotAsked(var why) -> out.writeStringField("not-asked", why);
        }
        out.writeEndObject();
    }

    private static void router(JsonGenerator out, RouterStatus router) throws IOException {
        out.writeStringField("name", router.name());
        if (router.group().isPresent()) {
            out.writeStringField("group", router.group().get());
        }
        out.writeStringField("interface", router.interfaceName());
        out.writeNumberField("router-id", router.routerId());
        out.writeNumberField("version", router.version());
        out.writeStringField("state", Words.of(router.state()));
        instant(out, "since", router.since());
        out.writeStringField("why", router.why());
        out.writeNumberField("priority", router.priority());
        out.writeNumberField("effective-priority", router.effectivePriority());
        array(
                out,
                "contributions",
                router.contributions(),
                (to, each) -> {
                    to.writeStringField("cause", each.cause());
                    to.writeNumberField("amount", each.amount());
                    to.writeStringField("kind", Words.of(each.kind()));
                });
        array(
                out,
                "tracked",
                router.tracked(),
                (to, each) -> {
                    to.writeStringField("what", each.subject().inWords());
                    to.writeBooleanField("known", each.known());
                    if (each.contribution().isPresent()) {
                        to.writeStringField("effect", each.contribution().get().effect());
                        to.writeStringField("cause", each.contribution().get().cause());
                    }
                });
        out.writeBooleanField("offering", router.offering());
        seconds(out, "interval-seconds", router.interval());
        seconds(out, "active-interval-seconds", router.activeInterval());
        seconds(out, "skew-seconds", router.skew());
        seconds(out, "active-down-seconds", router.activeDown());
        strings(
                out,
                "sources",
                router.sources().stream().map(InetAddress::getHostAddress).toList());
        array(
                out,
                "addresses",
                router.addresses(),
                (to, each) -> {
                    to.writeStringField("address", each.address().getHostAddress());
                    to.writeNumberField("prefix-length", each.prefixLength());
                    to.writeBooleanField("held", each.held());
                });
        array(
                out,
                "virtual-links",
                router.virtualLinks(),
                (to, each) -> {
                    to.writeStringField("name", each.name());
                    to.writeStringField("mac", each.mac());
                    to.writeBooleanField("up", each.up());
                });
        array(
                out,
                "routes",
                router.routes(),
                (to, each) -> {
                    to.writeStringField("what", each.what());
                    to.writeBooleanField("held", each.held());
                });
        array(
                out,
                "peers",
                router.peers(),
                (to, each) -> {
                    to.writeStringField("address", each.address().getHostAddress());
                    to.writeNumberField("priority", each.priority());
                    seconds(to, "interval-seconds", each.interval());
                    seconds(to, "heard-seconds-ago", each.ago());
                });
        out.writeNumberField("sent", router.sent());
        out.writeNumberField("received", router.received());
        counts(out, "discarded", router.discarded());
        counts(out, "odd", router.odd());
        array(
                out,
                "remarks",
                router.remarks(),
                (to, each) -> {
                    to.writeStringField("kind", each.kind());
                    to.writeStringField("from", each.from().getHostAddress());
                    to.writeStringField("detail", each.detail());
                    seconds(to, "seconds-ago", each.ago());
                });
        out.writeNumberField("for-others", router.forOthers());
        out.writeNumberField("announcements", router.announcements());
        out.writeNumberField("transitions", router.transitions());
        if (router.untilNext().isPresent()) {
            seconds(out, "acts-in-seconds", router.untilNext().get());
        }
        array(
                out,
                "warnings",
                router.warnings(),
                (to, each) -> {
                    to.writeStringField("kind", each.kind());
                    to.writeStringField("detail", each.detail());
                    seconds(to, "seen-seconds-ago", each.ago());
                });
        strings(out, "troubles", router.troubles());
    }

    private static void listener(JsonGenerator out, ListenerStatus listener) throws IOException {
        out.writeStringField("name", listener.name());
        out.writeStringField("protocol", listener.protocol());
        out.writeBooleanField("tls", listener.secure());
        strings(out, "bind", listener.bound());
        out.writeNumberField("connections", listener.connections());
        out.writeNumberField("max-connections", listener.maxConnections());
        totals(out, listener.totals());
        out.writeObjectFieldStart("mirrored");
        outcome(out, listener.mirrored());
        out.writeEndObject();
    }

    private static void pool(JsonGenerator out, PoolStatus pool) throws IOException {
        out.writeStringField("name", pool.name());
        out.writeStringField("balance", pool.balance());
        out.writeNumberField("servers-up", pool.serversUp());
        out.writeNumberField("waiting", pool.waiting());
        if (pool.paused().isPresent()) {
            out.writeStringField("paused-since", pool.paused().get().toString());
        }
        if (pool.servedBy().isPresent()) {
            out.writeStringField("served-by", pool.servedBy().get());
        }
        strings(out, "troubles", pool.troubles());
        array(out, "servers", pool.servers(), StatusJson::server);
    }

    private static void server(JsonGenerator out, ServerStatus server) throws IOException {
        out.writeStringField("name", server.name());
        out.writeStringField("address", server.address().toString());
        if (server.address() instanceof ServerAddress.Named) {
            name(out, server.whereabouts());
        }
        out.writeNumberField("weight", server.weight());
        out.writeNumberField("granted", server.granted());
        out.writeStringField("duty", server.orders().duty().name().toLowerCase(Locale.ROOT));
        out.writeStringField("state", Words.of(server.health().state()));
        instant(out, "since", server.health().since());
        out.writeStringField("why", server.health().why());
        if (server.ejected().isPresent()) {
            out.writeStringField("ejected", server.ejected().get().why());
        }
        if (server.standing().isPresent()) {
            standing(out, server.standing().get());
        }
        out.writeNumberField("active", server.active());
        if (server.most().isPresent()) {
            out.writeNumberField("max-connections", server.most().getAsInt());
        }
        totals(out, server.totals());
    }

    private static void name(JsonGenerator out, Whereabouts whereabouts) throws IOException {
        if (whereabouts.at().isPresent()) {
            out.writeStringField("resolved", whereabouts.at().get().toString());
        }
        if (whereabouts.trouble().isPresent()) {
            out.writeStringField("name-trouble", whereabouts.trouble().get());
        }
    }

    private static void standing(JsonGenerator out, Standing standing) throws IOException {
        out.writeStringField("role", Words.of(standing.role()));
        if (standing.timeline().isPresent()) {
            out.writeNumberField("timeline", standing.timeline().getAsInt());
        }
        if (standing.lag().isPresent()) {
            out.writeNumberField("lag-bytes", standing.lag().getAsLong());
        }
    }

    private static void totals(JsonGenerator out, Totals totals) throws IOException {
        outcome(out, totals);
        out.writeNumberField("retries", totals.retries());
        out.writeObjectFieldStart("answers");
        for (int i = 0; i < totals.answers().size(); i++) {
            out.writeNumberField((i + 1) + "xx", totals.answers().get(i));
        }
        out.writeEndObject();
        out.writeNumberField("bytes-from-client", totals.bytesFromClient());
        out.writeNumberField("bytes-to-client", totals.bytesToClient());
        percentiles(out, "latency", totals.latency());
        percentiles(out, "connect", totals.connects());
        percentiles(out, "session", totals.sessions());
    }

    private static void outcome(JsonGenerator out, Totals totals) throws IOException {
        out.writeNumberField("finished", totals.finished());
        out.writeNumberField("failed", totals.failed());
        counts(out, "failures", totals.failures());
    }

    private static void percentiles(JsonGenerator out, String name, Percentiles times)
            throws IOException {
        out.writeObjectFieldStart(name);
        out.writeNumberField("count", times.count());
        seconds(out, "p50-seconds", times.p50());
        seconds(out, "p90-seconds", times.p90());
        seconds(out, "p99-seconds", times.p99());
        seconds(out, "p99.9-seconds", times.p999());
        seconds(out, "max-seconds", times.max());
        out.writeEndObject();
    }

    private static void counts(JsonGenerator out, String name, Map<?, Long> counts)
            throws IOException {
        out.writeObjectFieldStart(name);
        for (Map.Entry<?, Long> each : counts.entrySet()) {
            out.writeNumberField(each.getKey().toString(), each.getValue());
        }
        out.writeEndObject();
    }

    private interface Member<T> {
        void write(JsonGenerator out, T value) throws IOException;
    }

    private static <T> void array(JsonGenerator out, String name, List<T> values, Member<T> member)
            throws IOException {
        out.writeArrayFieldStart(name);
        for (T value : values) {
            out.writeStartObject();
            member.write(out, value);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void strings(JsonGenerator out, String name, List<?> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (Object value : values) {
            out.writeString(value.toString());
        }
        out.writeEndArray();
    }

    private static void instant(JsonGenerator out, String name, Instant value) throws IOException {
        out.writeStringField(name, value.toString());
    }

    private static void seconds(JsonGenerator out, String name, Duration value) throws IOException {
        out.writeNumberField(name, value.toNanos() / 1e9);
    }
}

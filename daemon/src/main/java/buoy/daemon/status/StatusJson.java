package buoy.daemon.status;

import buoy.config.model.ServerAddress;
import buoy.daemon.acme.OrderStatus;
import buoy.daemon.peer.PeerStatus;
import buoy.lb.BalancerStatus.ListenerStatus;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Percentiles;
import buoy.lb.pool.Standing;
import buoy.lb.pool.Totals;
import buoy.lb.pool.Whereabouts;
import buoy.vrrp.RouterStatus;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
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
    private StatusJson() {}

    /** The text in UTF-8, in parts that follow one another. */
    public static List<byte[]> of(Status status) {
        return write(new JsonSlices(true), status);
    }

    /** The same in one line. */
    public static String line(Status status) {
        StringBuilder line = new StringBuilder();
        for (byte[] part : write(new JsonSlices(false), status)) {
            line.append(new String(part, StandardCharsets.US_ASCII));
        }
        return line.toString();
    }

    private static List<byte[]> write(JsonSlices out, Status status) {
        out.string("version", status.version());
        out.string("host", status.host());
        instant(out, "started-at", status.startedAt());
        instant(out, "at", status.at());
        out.seconds("uptime-seconds", status.uptime());
        out.string("phase", Words.of(status.phase()));
        verdict(out, Verdict.of(status));
        configuration(out, status.configuration());
        out.object("real-time");
        favour(out, "scheduling", status.realTime().scheduling());
        favour(out, "memory", status.realTime().memory());
        out.endObject();
        array(out, "routers", status.routers(), StatusJson::router);
        array(out, "listeners", status.balancer().listeners(), StatusJson::listener);
        array(out, "pools", status.balancer().pools(), StatusJson::pool);
        out.string("transport", status.balancer().transport());
        out.number("connections", status.balancer().connections());
        out.number("max-connections", status.balancer().maxConnections());
        out.number("buffered-bytes", status.balancer().buffered());
        out.number("max-buffered-bytes", status.balancer().maxBuffered());
        array(
                out,
                "workers",
                status.balancer().workers(),
                (to, worker) -> {
                    to.number("index", worker.index());
                    to.seconds("tick-age-seconds", worker.sinceTick());
                    to.flag("stuck", status.hungWorkers().containsKey(worker.index()));
                });
        array(
                out,
                "tracked",
                status.tracked(),
                (to, each) -> {
                    to.string("what", each.what());
                    to.string("state", Words.of(each.state()));
                    to.string("seen", each.seen());
                    if (each.since().isPresent()) {
                        instant(to, "since", each.since().get());
                    }
                    to.string("how", each.how());
                });
        array(
                out,
                "certificates",
                status.certificates(),
                (to, certificate) -> {
                    to.string("name", certificate.name());
                    strings(to, "names", certificate.names());
                    instant(to, "not-after", certificate.notAfter());
                    to.number(
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
                    to.string("to", each.to());
                    to.number("written", each.written());
                    to.number("lost", each.lost());
                    if (each.trouble().isPresent()) {
                        to.string("trouble", each.trouble().get());
                    }
                });
        out.number("lost-log-lines", status.lostLogLines());
        return out.end();
    }

    private static void order(JsonSlices to, OrderStatus order) {
        to.string("certificate", order.name());
        to.string("directory", order.directory());
        strings(to, "names", order.names());
        to.string("state", Words.of(order.state()));
        to.string("why", order.why());
        if (order.next().isPresent()) {
            instant(to, "next", order.next().get());
        }
        if (order.notAfter().isPresent()) {
            instant(to, "not-after", order.notAfter().get());
        }
        to.number("issued", order.issued());
        to.number("failed", order.failed());
        if (order.lastFailure().isPresent()) {
            to.string("last-failure", order.lastFailure().get());
        }
    }

    private static void peer(JsonSlices to, PeerStatus peer) {
        to.string("address", peer.address());
        if (peer.host().isPresent()) {
            to.string("host", peer.host().get());
        }
        to.flag("connected", peer.connected());
        instant(to, "since", peer.since());
        to.string("why", peer.why());
        to.number("told", peer.told());
        if (peer.heard().isPresent()) {
            instant(to, "heard", peer.heard().get());
        }
    }

    private static void verdict(JsonSlices out, Verdict verdict) {
        out.string("health", Words.of(verdict.health()));
        array(
                out,
                "findings",
                verdict.findings(),
                (to, finding) -> {
                    to.string("severity", Words.of(finding.severity()));
                    to.string("subject", finding.subject());
                    to.string("text", finding.text());
                });
    }

    private static void configuration(JsonSlices out, Status.Configuration configuration) {
        out.object("configuration");
        out.string("file", configuration.file());
        out.string("hash", configuration.hash());
        instant(out, "loaded-at", configuration.loadedAt());
        strings(out, "warnings", configuration.warnings());
        if (configuration.lastReload().isPresent()) {
            Status.Reload reload = configuration.lastReload().get();
            out.object("last-reload");
            instant(out, "at", reload.at());
            out.string("result", reload.result());
            strings(out, "lines", reload.lines());
            out.endObject();
        }
        out.object("reloads");
        out.number("applied", configuration.reloads().applied());
        out.number("rejected", configuration.reloads().rejected());
        out.number("refused", configuration.reloads().refused());
        out.endObject();
        out.endObject();
    }

    private static void favour(JsonSlices out, String name, RealTimeStatus.Favour favour) {
        out.object(name);
        out.flag("in-force", favour instanceof RealTimeStatus.InForce);
        switch (favour) {
            case RealTimeStatus.InForce _ -> {}
            case RealTimeStatus.Refused(var why) -> out.string("refused", why);
            case RealTimeStatus.NotAsked(var why) -> out.string("not-asked", why);
        }
        out.endObject();
    }

    private static void router(JsonSlices out, RouterStatus router) {
        out.string("name", router.name());
        if (router.group().isPresent()) {
            out.string("group", router.group().get());
        }
        out.string("interface", router.interfaceName());
        out.number("router-id", router.routerId());
        out.number("version", router.version());
        out.string("state", Words.of(router.state()));
        instant(out, "since", router.since());
        out.string("why", router.why());
        out.number("priority", router.priority());
        out.number("effective-priority", router.effectivePriority());
        array(
                out,
                "contributions",
                router.contributions(),
                (to, each) -> {
                    to.string("cause", each.cause());
                    to.number("amount", each.amount());
                    to.string("kind", Words.of(each.kind()));
                });
        array(
                out,
                "tracked",
                router.tracked(),
                (to, each) -> {
                    to.string("what", each.subject().inWords());
                    to.flag("known", each.known());
                    if (each.contribution().isPresent()) {
                        to.string("effect", each.contribution().get().effect());
                        to.string("cause", each.contribution().get().cause());
                    }
                });
        out.flag("offering", router.offering());
        out.seconds("interval-seconds", router.interval());
        out.seconds("active-interval-seconds", router.activeInterval());
        out.seconds("skew-seconds", router.skew());
        out.seconds("active-down-seconds", router.activeDown());
        strings(
                out,
                "sources",
                router.sources().stream().map(InetAddress::getHostAddress).toList());
        array(
                out,
                "addresses",
                router.addresses(),
                (to, each) -> {
                    to.string("address", each.address().getHostAddress());
                    to.number("prefix-length", each.prefixLength());
                    to.flag("held", each.held());
                });
        array(
                out,
                "virtual-links",
                router.virtualLinks(),
                (to, each) -> {
                    to.string("name", each.name());
                    to.string("mac", each.mac());
                    to.flag("up", each.up());
                });
        array(
                out,
                "routes",
                router.routes(),
                (to, each) -> {
                    to.string("what", each.what());
                    to.flag("held", each.held());
                });
        array(
                out,
                "peers",
                router.peers(),
                (to, each) -> {
                    to.string("address", each.address().getHostAddress());
                    to.number("priority", each.priority());
                    to.seconds("interval-seconds", each.interval());
                    to.seconds("heard-seconds-ago", each.ago());
                });
        out.number("sent", router.sent());
        out.number("received", router.received());
        counts(out, "discarded", router.discarded());
        counts(out, "odd", router.odd());
        array(
                out,
                "remarks",
                router.remarks(),
                (to, each) -> {
                    to.string("kind", each.kind());
                    to.string("from", each.from().getHostAddress());
                    to.string("detail", each.detail());
                    to.seconds("seconds-ago", each.ago());
                });
        out.number("for-others", router.forOthers());
        out.number("announcements", router.announcements());
        out.number("transitions", router.transitions());
        if (router.untilNext().isPresent()) {
            out.seconds("acts-in-seconds", router.untilNext().get());
        }
        array(
                out,
                "warnings",
                router.warnings(),
                (to, each) -> {
                    to.string("kind", each.kind());
                    to.string("detail", each.detail());
                    to.seconds("seen-seconds-ago", each.ago());
                });
        strings(out, "troubles", router.troubles());
    }

    private static void listener(JsonSlices out, ListenerStatus listener) {
        out.string("name", listener.name());
        out.string("protocol", listener.protocol());
        out.flag("tls", listener.secure());
        strings(out, "bind", listener.bound());
        if (listener.paused().isPresent()) {
            out.string("paused-since", listener.paused().get().toString());
        }
        out.number("connections", listener.connections());
        out.number("max-connections", listener.maxConnections());
        totals(out, listener.totals());
        out.object("mirrored");
        outcome(out, listener.mirrored());
        out.endObject();
    }

    private static void pool(JsonSlices out, PoolStatus pool) {
        out.string("name", pool.name());
        out.string("balance", pool.balance());
        out.number("servers-up", pool.serversUp());
        out.number("waiting", pool.waiting());
        if (pool.paused().isPresent()) {
            out.string("paused-since", pool.paused().get().toString());
        }
        if (pool.servedBy().isPresent()) {
            out.string("served-by", pool.servedBy().get());
        }
        strings(out, "troubles", pool.troubles());
        array(out, "servers", pool.servers(), StatusJson::server);
    }

    private static void server(JsonSlices out, ServerStatus server) {
        out.string("name", server.name());
        out.string("address", server.address().toString());
        if (server.address() instanceof ServerAddress.Named) {
            name(out, server.whereabouts());
        }
        out.number("weight", server.weight());
        out.number("granted", server.granted());
        out.string("duty", server.orders().duty().name().toLowerCase(Locale.ROOT));
        if (server.orders().duty() != Duty.READY) {
            instant(out, "duty-since", server.orders().since());
        }
        out.string("state", Words.of(server.health().state()));
        instant(out, "since", server.health().since());
        out.string("why", server.health().why());
        if (server.ejected().isPresent()) {
            out.string("ejected", server.ejected().get().why());
        }
        if (server.standing().isPresent()) {
            standing(out, server.standing().get());
        }
        out.number("active", server.active());
        if (server.most().isPresent()) {
            out.number("max-connections", server.most().getAsInt());
        }
        totals(out, server.totals());
    }

    private static void name(JsonSlices out, Whereabouts whereabouts) {
        if (whereabouts.at().isPresent()) {
            out.string("resolved", whereabouts.at().get().toString());
        }
        if (whereabouts.trouble().isPresent()) {
            out.string("name-trouble", whereabouts.trouble().get());
        }
    }

    private static void standing(JsonSlices out, Standing standing) {
        out.string("role", Words.of(standing.role()));
        if (standing.timeline().isPresent()) {
            out.number("timeline", standing.timeline().getAsInt());
        }
        if (standing.lag().isPresent()) {
            out.number("lag-bytes", standing.lag().getAsLong());
        }
    }

    private static void totals(JsonSlices out, Totals totals) {
        outcome(out, totals);
        out.number("retries", totals.retries());
        out.object("answers");
        for (int i = 0; i < totals.answers().size(); i++) {
            out.number((i + 1) + "xx", totals.answers().get(i));
        }
        out.endObject();
        out.number("bytes-from-client", totals.bytesFromClient());
        out.number("bytes-to-client", totals.bytesToClient());
        percentiles(out, "latency", totals.latency());
        percentiles(out, "connect", totals.connects());
        percentiles(out, "session", totals.sessions());
    }

    private static void outcome(JsonSlices out, Totals totals) {
        out.number("finished", totals.finished());
        out.number("failed", totals.failed());
        counts(out, "failures", totals.failures());
    }

    private static void percentiles(JsonSlices out, String name, Percentiles times) {
        out.object(name);
        out.number("count", times.count());
        out.seconds("p50-seconds", times.p50());
        out.seconds("p90-seconds", times.p90());
        out.seconds("p99-seconds", times.p99());
        out.seconds("p99.9-seconds", times.p999());
        out.seconds("max-seconds", times.max());
        out.endObject();
    }

    private static void counts(JsonSlices out, String name, Map<?, Long> counts) {
        out.object(name);
        for (Map.Entry<?, Long> each : counts.entrySet()) {
            out.number(each.getKey().toString(), each.getValue());
        }
        out.endObject();
    }

    private interface Member<T> {
        void write(JsonSlices out, T value);
    }

    private static <T> void array(JsonSlices out, String name, List<T> values, Member<T> member) {
        out.array(name);
        for (T value : values) {
            out.element();
            member.write(out, value);
            out.endObject();
        }
        out.endArray();
    }

    private static void strings(JsonSlices out, String name, List<?> values) {
        out.array(name);
        for (Object value : values) {
            out.element(value.toString());
        }
        out.endArray();
    }

    private static void instant(JsonSlices out, String name, Instant value) {
        out.string(name, value.toString());
    }
}

package buoy.daemon.status;

import buoy.daemon.acme.OrderStatus;
import buoy.daemon.peer.PeerStatus;
import buoy.daemon.track.Tracked;
import buoy.lb.BalancerStatus.ListenerStatus;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.journal.Journal;
import buoy.lb.pool.Percentiles;
import buoy.vrrp.RouterStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code buoy status}: the verdict first, then everything, aligned, in plain text. */
public final class StatusText {
    private final Status status;
    private final Paint paint;
    private final StringBuilder out = new StringBuilder(4096);

    private StatusText(Status status, Paint paint) {
        this.status = status;
        this.paint = paint;
    }

    public static String of(Status status) {
        return of(status, Paint.PLAIN);
    }

    public static String of(Status status, Paint paint) {
        StatusText text = new StatusText(status, paint);
        text.head();
        text.routers();
        text.tracked();
        text.listeners();
        text.accessLogs();
        text.pools();
        text.certificates();
        text.orders();
        text.peers();
        text.notes();
        return text.out.toString();
    }

    private void head() {
        Status.Configuration configuration = status.configuration();
        line(
                "buoy %s on %s, %s, up %s"
                        .formatted(
                                status.version(),
                                status.host(),
                                Words.of(status.phase()),
                                Words.span(status.uptime())));
        line(
                "%s (%s) loaded %s ago"
                        .formatted(
                                configuration.file(),
                                configuration.hash(),
                                since(configuration.loadedAt())));
        List<Verdict.Finding> findings = Verdict.of(status).findings();
        if (findings.isEmpty()) {
            line(paint.good("All is well."));
        }
        for (Verdict.Finding finding : findings) {
            line(
                    "%s: %s"
                            .formatted(
                                    painted(
                                            finding.severity(),
                                            "%-8s %s"
                                                    .formatted(
                                                            Words.of(finding.severity())
                                                                    .toUpperCase(Locale.ROOT),
                                                            finding.subject())),
                                    finding.text()));
        }
    }

    private String painted(Verdict.Health health, String text) {
        return switch (health) {
            case GOOD -> paint.good(text);
            case DEGRADED -> paint.doubtful(text);
            case BAD -> paint.bad(text);
        };
    }

    private void routers() {
        if (status.routers().isEmpty()) {
            return;
        }
        line("");
        TextTable table =
                new TextTable(
                        "",
                        "ROUTER",
                        "INTERFACE",
                        "VRID",
                        "STATE",
                        "FOR",
                        "PRIORITY",
                        "ADDRESSES",
                        "WHY");
        for (RouterStatus router : status.routers()) {
            table.row(
                    router.name(),
                    router.interfaceName(),
                    router.routerId(),
                    state(router),
                    since(router.since()),
                    router.effectivePriority() == router.priority()
                            ? router.priority()
                            : router.effectivePriority() + " of " + router.priority(),
                    router.addresses().stream()
                            .map(each -> each.address().getHostAddress() + (each.held() ? "*" : ""))
                            .collect(Collectors.joining(" ")),
                    router.why());
        }
        table.appendTo(out);
        line("(* = held by this host)");
        line("Real-time: " + status.realTime().inWords());
        status.routers().forEach(this::router);
    }

    private void router(RouterStatus router) {
        line("");
        line("ROUTER %s: %s".formatted(router.name(), RouterWords.timers(router)));
        for (RouterWords.Effect each : RouterWords.effects(router)) {
            line("  %-11s  %s".formatted(each.effect(), each.cause()));
        }
        for (String warning : RouterWords.warnings(router)) {
            line("  " + warning);
        }
        for (String detail : RouterWords.details(router)) {
            line("  " + detail);
        }
    }

    private void tracked() {
        if (status.tracked().isEmpty()) {
            return;
        }
        line("");
        TextTable table = new TextTable("", "TRACKED", "STATE", "FOR", "SEEN", "HOW");
        for (Tracked each : status.tracked()) {
            table.row(
                    each.what(),
                    Words.of(each.state()),
                    each.since().map(this::since).orElse("-"),
                    each.seen(),
                    each.how());
        }
        table.appendTo(out);
    }

    private void listeners() {
        if (status.balancer().listeners().isEmpty()) {
            return;
        }
        line("");
        TextTable table =
                new TextTable(
                        "", "LISTENER", "PROTOCOL", "BIND", "OPEN", "DONE", "FAILED", "REASONS");
        for (ListenerStatus listener : status.balancer().listeners()) {
            table.row(
                    listener.name(),
                    listener.protocol() + (listener.secure() ? "+tls" : ""),
                    listener.bound().stream().map(Object::toString).collect(Collectors.joining(" "))
                            + listener.paused().map(_ -> " (paused)").orElse(""),
                    listener.connections(),
                    Words.count(listener.totals().finished()),
                    Words.count(listener.totals().failed()),
                    reasons(listener.totals()));
        }
        table.appendTo(out);
    }

    private void accessLogs() {
        if (status.balancer().accessLogs().isEmpty()) {
            return;
        }
        line("");
        TextTable table = new TextTable("", "ACCESS LOG", "WRITTEN", "LOST", "TROUBLE");
        for (Journal.State each : status.balancer().accessLogs()) {
            table.row(
                    each.to(),
                    Words.count(each.written()),
                    Words.count(each.lost()),
                    each.trouble().orElse("-"));
        }
        table.appendTo(out);
    }

    private void pools() {
        for (PoolStatus pool : status.balancer().pools()) {
            line("");
            line(
                    "POOL %s: %d of %d up, %s"
                            .formatted(
                                    pool.name(),
                                    pool.serversUp(),
                                    pool.servers().size(),
                                    String.join(", ", PoolNotes.of(pool))));
            TextTable table =
                    new TextTable(
                            "  ", "SERVER", "ADDRESS", "STATE", "FOR", "WEIGHT", "ACTIVE", "DONE",
                            "FAILED", "P50", "P90", "P99", "WHY");
            for (ServerStatus server : pool.servers()) {
                Percentiles latency = server.totals().latency();
                boolean any = latency.count() > 0;
                table.row(
                        server.name(),
                        Words.address(server),
                        state(server),
                        since(server.health().since()),
                        server.weight(),
                        Words.active(server),
                        Words.count(server.totals().finished()),
                        Words.count(server.totals().failed()),
                        any ? Words.latency(latency.p50()) : "-",
                        any ? Words.latency(latency.p90()) : "-",
                        any ? Words.latency(latency.p99()) : "-",
                        why(server));
            }
            table.appendTo(out);
        }
    }

    private String state(RouterStatus router) {
        String word = Words.of(router.state());
        return switch (router.state()) {
            case ACTIVE -> paint.good(word);
            case INITIALIZE, BACKUP -> word;
            case FAULT -> paint.bad(word);
        };
    }

    private String state(ServerStatus server) {
        String word = Words.of(server.health().state());
        return switch (server.health().state()) {
            case UP -> paint.good(word);
            case UNKNOWN -> word;
            case DOWN -> server.health().otherRole() ? word : paint.bad(word);
        };
    }

    private static String why(ServerStatus server) {
        String reasons = reasons(server.totals());
        String why = PoolNotes.of(server);
        return reasons.isEmpty() ? why : why + "; failed: " + reasons;
    }

    private static String reasons(buoy.lb.pool.Totals totals) {
        return totals.failures().entrySet().stream()
                .map(each -> each.getKey() + " " + Words.count(each.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void certificates() {
        if (status.certificates().isEmpty()) {
            return;
        }
        line("");
        TextTable table = new TextTable("", "CERTIFICATE", "ENDS", "IN", "NAMES");
        for (Status.CertificateStatus each : status.certificates()) {
            table.row(
                    each.name(),
                    each.notAfter(),
                    Words.span(Duration.between(status.at(), each.notAfter())),
                    String.join(" ", each.names()));
        }
        table.appendTo(out);
    }

    private void orders() {
        if (status.orders().isEmpty()) {
            return;
        }
        line("");
        TextTable table = new TextTable("", "ORDERED", "STATE", "NEXT IN", "WHY");
        for (OrderStatus each : status.orders()) {
            table.row(
                    each.name(),
                    Words.of(each.state()),
                    each.next()
                            .map(then -> Words.span(Duration.between(status.at(), then)))
                            .orElse("-"),
                    each.lastFailure().map(why -> "failed: " + why).orElse(each.why()));
        }
        table.appendTo(out);
    }

    private void peers() {
        if (status.peers().isEmpty()) {
            return;
        }
        line("");
        TextTable table = new TextTable("", "PEER", "HOST", "STATE", "SINCE", "HEARD", "WHY");
        for (PeerStatus each : status.peers()) {
            table.row(
                    each.address(),
                    each.host().orElse("-"),
                    each.connected() ? paint.good("connected") : paint.doubtful("away"),
                    since(each.since()),
                    each.heard().map(this::since).orElse("-"),
                    each.why());
        }
        table.appendTo(out);
    }

    private void notes() {
        List<String> warnings = status.configuration().warnings();
        if (!warnings.isEmpty()) {
            line("");
            line("The configuration works, but:");
            warnings.forEach(each -> line("  " + each));
        }
    }

    private String since(Instant then) {
        return Words.span(Duration.between(then, status.at()));
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}

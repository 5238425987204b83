// Longer than most: one page, top to bottom, each section a method; splitting it would hide the
// order.
package buoy.daemon.status;

import buoy.daemon.acme.OrderStatus;
import buoy.daemon.peer.PeerStatus;
import buoy.daemon.status.Status.CertificateStatus;
import buoy.lb.BalancerStatus.ListenerStatus;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.BalancerStatus.WorkerStatus;
import buoy.lb.journal.Journal;
import buoy.lb.pool.Percentiles;
import buoy.vrrp.RouterState;
import buoy.vrrp.RouterStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The stats page at {@code /}: the verdict in one glance, then what it rests on. Whole without
 * script, which only keeps it fresh; states are words first and colours second.
 */
public final class StatusPage {
    private final Status status;
    private final StringBuilder out = new StringBuilder(16 * 1024);

    private StatusPage(Status status) {
        this.status = status;
    }

    /** The page as HTML. */
    public static String of(Status status) {
        return new StatusPage(status).page();
    }

    /** What a browser may do with the page: run its one script, use its one style, ask us again. */
    public static Map<String, String> headers() {
        return Map.of(
                "Content-Security-Policy",
                "default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                        .formatted(hash(PageAssets.STYLE), hash(PageAssets.SCRIPT)),
                "Referrer-Policy",
                "no-referrer");
    }

    private static String hash(String source) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(source.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String page() {
        Verdict verdict = Verdict.of(status);
        raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
        text("%s: %s".formatted(headline(verdict.health()), status.host()));
        raw("</title>\n<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>\n<style>");
        raw(PageAssets.STYLE);
        raw("</style>\n</head>\n<body>\n");
        header();
        raw("<main>\n");
        verdict(verdict);
        routers();
        pools();
        listeners();
        accessLogs();
        certificates();
        orders();
        peers();
        process();
        raw(
                "</main>\n<footer><span id=\"stale\" role=\"alert\">No answer from buoy: this is old. ");
        raw("</span>For machines: <a href=\"/api/v1/status\">JSON</a>, ");
        raw("<a href=\"/metrics\">metrics</a>, <a href=\"/healthz\">liveness</a>.</footer>\n");
        raw("<script>");
        raw(PageAssets.SCRIPT);
        raw("</script>\n</body>\n</html>\n");
        return out.toString();
    }

    private void header() {
        raw("<header><h1>");
        text(status.host());
        raw("</h1><p>buoy ");
        text(
                "%s, %s, up %s, as of %s UTC"
                        .formatted(
                                status.version(),
                                Words.of(status.phase()),
                                Words.span(status.uptime()),
                                status.at().toString().substring(11, 19)));
        raw("</p></header>\n");
    }

    private static String headline(Verdict.Health health) {
        return switch (health) {
            case GOOD -> "All is well";
            case DEGRADED -> "Needs attention";
            case BAD -> "Something is down";
        };
    }

    private void verdict(Verdict verdict) {
        raw(
                "<section class=\"verdict %s\" role=\"status\"><strong>"
                        .formatted(css(verdict.health())));
        text(headline(verdict.health()));
        raw("</strong>");
        if (!verdict.findings().isEmpty()) {
            raw("<ul>");
            for (Verdict.Finding finding : verdict.findings()) {
                raw("<li>");
                tag(
                        css(finding.severity()),
                        finding.severity() == Verdict.Health.BAD ? "bad" : "warning");
                raw(" <b>");
                text(finding.subject());
                raw("</b> ");
                text(finding.text());
                raw("</li>");
            }
            raw("</ul>");
        }
        raw("</section>\n");
    }

    private void routers() {
        if (status.routers().isEmpty()) {
            return;
        }
        raw("<h2>Virtual routers</h2>\n<div class=\"cards\">\n");
        status.routers().forEach(this::router);
        raw("</div>\n");
    }

    private void router(RouterStatus router) {
        raw("<article class=\"card\"><div><h3>");
        text(router.name());
        raw("</h3>");
        tag(
                switch (router.state()) {
                    case ACTIVE -> "good";
                    case BACKUP, INITIALIZE -> "calm";
                    case FAULT -> "bad";
                },
                Words.of(router.state()));
        raw("<span class=\"soft\">");
        text("for " + since(router.since()));
        raw("</span></div><p>");
        text(router.why());
        raw("</p><p>");
        for (RouterStatus.Address address : router.addresses()) {
            raw("<code>");
            text(address.address().getHostAddress() + "/" + address.prefixLength());
            raw(address.held() ? "</code> held here " : "</code> ");
        }
        raw("</p><p class=\"soft\">");
        text(
                "VRID %d on %s, priority %d%s"
                        .formatted(
                                router.routerId(),
                                router.interfaceName(),
                                router.effectivePriority(),
                                router.state() != RouterState.FAULT
                                                && router.effectivePriority() != router.priority()
                                        ? " instead of " + router.priority()
                                        : ""));
        raw("</p>");
        effects(RouterWords.effects(router));
        for (RouterStatus.Warning warning : router.warnings()) {
            raw("<p>");
            tag(css(Verdict.Health.DEGRADED), warning.kind());
            raw(" ");
            text("%s, %s ago".formatted(warning.detail(), Words.span(warning.ago())));
            raw("</p>");
        }
        raw("<p class=\"soft\">");
        text(RouterWords.timers(router));
        raw("</p>");
        for (String detail : RouterWords.details(router)) {
            raw("<p class=\"soft\">");
            text(detail);
            raw("</p>");
        }
        raw("</article>\n");
    }

    private void effects(List<RouterWords.Effect> effects) {
        if (effects.isEmpty()) {
            return;
        }
        raw("<ul class=\"effects\">");
        for (RouterWords.Effect each : effects) {
            raw("<li>");
            tag(each.spoils() ? css(Verdict.Health.DEGRADED) : "calm", each.effect());
            raw(" ");
            text(each.cause());
            raw("</li>");
        }
        raw("</ul>");
    }

    private void pools() {
        if (status.balancer().pools().isEmpty()) {
            return;
        }
        raw("<h2>Pools</h2>\n");
        for (PoolStatus pool : status.balancer().pools()) {
            raw("<h3 class=\"pool\">");
            text(pool.name());
            int up = pool.serversUp();
            int size = pool.servers().size();
            boolean well = up > 0 && pool.servers().stream().allMatch(StatusPage::isWell);
            tag(well ? "good" : up == 0 ? "bad" : "degraded", up + " of " + size + " up");
            raw("<span class=\"soft\">");
            text(String.join(", ", PoolNotes.of(pool)));
            raw("</span></h3>\n");
            table(
                    "Servers of pool " + pool.name(),
                    "Server",
                    "Address",
                    "State",
                    "#Weight",
                    "#Active",
                    "#Done",
                    "#Failed",
                    "#p50",
                    "#p90",
                    "#p99",
                    "Why");
            pool.servers().forEach(this::server);
            endTable();
        }
    }

    private static boolean isWell(ServerStatus server) {
        return server.health().isUp() || server.health().otherRole();
    }

    private void server(ServerStatus server) {
        Percentiles latency = server.totals().latency();
        boolean any = latency.count() > 0;
        raw("<tr>");
        cell("", server.name());
        cell("", Words.address(server));
        raw("<td>");
        tag(
                switch (server.health().state()) {
                    case UP -> "good";
                    case UNKNOWN -> "calm";
                    case DOWN -> server.health().otherRole() ? "calm" : "bad";
                },
                Words.of(server.health().state()));
        raw(" <span class=\"soft\">");
        text(since(server.health().since()));
        raw("</span></td>");
        cell("num", String.valueOf(server.weight()));
        cell("num", Words.active(server));
        cell("num", Words.count(server.totals().finished()));
        cell("num", Words.count(server.totals().failed()));
        cell("num", any ? Words.latency(latency.p50()) : "-");
        cell("num", any ? Words.latency(latency.p90()) : "-");
        cell("num", any ? Words.latency(latency.p99()) : "-");
        String reasons = reasons(server.totals().failures());
        cell("why", PoolNotes.of(server) + (reasons.isEmpty() ? "" : "; failed: " + reasons));
        raw("</tr>\n");
    }

    private void listeners() {
        if (status.balancer().listeners().isEmpty()) {
            return;
        }
        raw("<h2>Listeners</h2>\n");
        table(
                "Listeners",
                "Listener",
                "Protocol",
                "Address",
                "#Open",
                "#Done",
                "#Failed",
                "#From clients",
                "#To clients",
                "Reasons");
        for (ListenerStatus listener : status.balancer().listeners()) {
            raw("<tr>");
            cell("", listener.name());
            cell("", listener.protocol() + (listener.secure() ? "+tls" : ""));
            cell(
                    "",
                    listener.bound().stream()
                            .map(Object::toString)
                            .collect(Collectors.joining(" ")));
            cell("num", String.valueOf(listener.connections()));
            cell("num", Words.count(listener.totals().finished()));
            cell("num", Words.count(listener.totals().failed()));
            cell("num", Words.bytes(listener.totals().bytesFromClient()));
            cell("num", Words.bytes(listener.totals().bytesToClient()));
            cell("why", reasons(listener.totals().failures()));
            raw("</tr>\n");
        }
        endTable();
    }

    private void accessLogs() {
        if (status.balancer().accessLogs().isEmpty()) {
            return;
        }
        raw("<h2>Access logs</h2>\n");
        table("Access logs", "Access log", "#Written", "#Lost", "Trouble");
        for (Journal.State each : status.balancer().accessLogs()) {
            raw("<tr>");
            cell("", each.to());
            cell("num", Words.count(each.written()));
            cell("num", Words.count(each.lost()));
            cell("why", each.trouble().orElse(""));
            raw("</tr>\n");
        }
        endTable();
    }

    private static String reasons(Map<?, Long> failures) {
        return failures.entrySet().stream()
                .map(each -> each.getKey() + " " + Words.count(each.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void certificates() {
        if (status.certificates().isEmpty()) {
            return;
        }
        raw("<h2>Certificates</h2>\n");
        table("Certificates", "Certificate", "Ends", "In", "Names");
        for (CertificateStatus each : status.certificates()) {
            raw("<tr>");
            cell("", each.name());
            cell("", each.notAfter().toString());
            cell("", Words.span(Duration.between(status.at(), each.notAfter())));
            cell("why", String.join(" ", each.names()));
            raw("</tr>\n");
        }
        endTable();
    }

    private void orders() {
        if (status.orders().isEmpty()) {
            return;
        }
        raw("<h2>Ordered certificates</h2>\n");
        table("Ordered certificates", "Certificate", "State", "Next in", "Why");
        for (OrderStatus each : status.orders()) {
            raw("<tr>");
            cell("", each.name());
            cell("", Words.of(each.state()));
            cell(
                    "",
                    each.next()
                            .map(then -> Words.span(Duration.between(status.at(), then)))
                            .orElse("-"));
            cell("why", each.lastFailure().map(why -> "failed: " + why).orElse(each.why()));
            raw("</tr>\n");
        }
        endTable();
    }

    private void peers() {
        if (status.peers().isEmpty()) {
            return;
        }
        raw("<h2>Peers</h2>\n");
        table("Peers", "Peer", "Host", "State", "Since", "Why");
        for (PeerStatus each : status.peers()) {
            raw("<tr>");
            cell("", each.address());
            cell("", each.host().orElse("-"));
            cell("", each.connected() ? "connected" : "away");
            cell("", since(each.since()));
            cell("why", each.why());
            raw("</tr>\n");
        }
        endTable();
    }

    private void process() {
        Status.Configuration configuration = status.configuration();
        raw("<h2>Process</h2>\n<div class=\"card\"><p>Configuration <code>");
        text(configuration.file());
        raw("</code> <code>");
        text(configuration.hash());
        raw("</code> ");
        text("loaded " + since(configuration.loadedAt()) + " ago");
        raw("</p><p>");
        text(
                "%d workers, the slowest moved %s ago"
                        .formatted(
                                status.balancer().workers().size(),
                                Words.span(
                                        status.balancer().workers().stream()
                                                .map(WorkerStatus::sinceTick)
                                                .max(Duration::compareTo)
                                                .orElse(Duration.ZERO))));
        raw("</p>");
        if (!status.routers().isEmpty()) {
            raw("<p>");
            text("Real-time: " + status.realTime().inWords());
            raw("</p>");
        }
        List<String> warnings = configuration.warnings();
        if (!warnings.isEmpty()) {
            raw("<p>The configuration works, but:</p><ul>");
            for (String warning : warnings) {
                raw("<li><code>");
                text(warning);
                raw("</code></li>");
            }
            raw("</ul>");
        }
        raw("</div>\n");
    }

    /** Begins a table; a column whose title begins with # holds numbers. */
    private void table(String label, String... titles) {
        raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
        text(label);
        raw("\"><table><thead><tr>");
        for (String title : titles) {
            boolean number = title.startsWith("#");
            raw(number ? "<th scope=\"col\" class=\"num\">" : "<th scope=\"col\">");
            text(number ? title.substring(1) : title);
            raw("</th>");
        }
        raw("</tr></thead><tbody>\n");
    }

    private void endTable() {
        raw("</tbody></table></div>\n");
    }

    private void cell(String kind, String content) {
        raw(kind.isEmpty() ? "<td>" : "<td class=\"" + kind + "\">");
        text(content);
        raw("</td>");
    }

    private void tag(String kind, String word) {
        raw("<span class=\"tag " + kind + "\">");
        text(word);
        raw("</span>");
    }

    private static String css(Verdict.Health health) {
        return Words.of(health);
    }

    private String since(Instant then) {
        return Words.span(Duration.between(then, status.at()));
    }

    private void raw(String html) {
        out.append(html);
    }

    /** Anything that is not our own markup: peers' and operators' words among it. */
    private void text(String content) {
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }
}

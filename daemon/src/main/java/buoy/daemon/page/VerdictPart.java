package buoy.daemon.page;

import buoy.daemon.status.Verdict;

/** Whether all is well, and if not, why: in one glance. */
final class VerdictPart {
    /** In characters. */
    private static final int ROOM = 5 * 1024;

    private VerdictPart() {}

    static String headline(Verdict.Health health) {
        return switch (health) {
            case GOOD -> "All is well";
            case DEGRADED -> "Needs attention";
            case BAD -> "Something is down";
        };
    }

    static void write(Picture picture, Html out) {
        Verdict verdict = Verdict.of(picture.status());
        out.raw("<div class=\"verdict %s\">".formatted(Html.css(verdict.health())));
        // Heard when it changes; the findings change each second, as they say how long ago.
        out.raw("<p role=\"status\">").in("strong", headline(verdict.health())).raw("</p>");
        if (!verdict.findings().isEmpty()) {
            Fold<Verdict.Finding> findings =
                    Fold.of(verdict.findings(), ROOM, VerdictPart::finding);
            out.raw("<ul>");
            findings.write(out);
            out.raw("</ul>");
            findings.rest(
                    findings.count(
                            each -> each.severity() == Verdict.Health.BAD ? "bad" : "warnings"),
                    out);
        }
        out.raw("</div>\n");
    }

    private static void finding(Verdict.Finding finding, Html out) {
        out.raw("<li>").tag(finding.severity(), word(finding.severity()));
        out.raw(" ").in("b", finding.subject()).raw(" <span>");
        out.brief(finding.text()).raw("</span></li>");
    }

    private static String word(Verdict.Health severity) {
        return severity == Verdict.Health.BAD ? "bad" : "warning";
    }
}

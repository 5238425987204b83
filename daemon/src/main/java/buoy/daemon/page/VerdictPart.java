package buoy.daemon.page;

import buoy.daemon.status.Verdict;

/** Whether all is well, and if not, why: in one glance. */
final class VerdictPart {
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
            out.raw("<ul>");
            for (Verdict.Finding finding : verdict.findings()) {
                out.raw("<li>");
                out.tag(
                        finding.severity(),
                        finding.severity() == Verdict.Health.BAD ? "bad" : "warning");
                out.raw(" ").in("b", finding.subject()).raw(" <span>");
                out.text(finding.text()).raw("</span></li>");
            }
            out.raw("</ul>");
        }
        out.raw("</div>\n");
    }
}

package buoy.daemon.page;

import buoy.daemon.status.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/** The stats page at {@code /}, whole. */
public final class Page {
    private Page() {}

    /** The page as HTML. */
    public static String of(Picture picture) {
        Html out = new Html();
        out.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        Verdict verdict = Verdict.of(picture.status());
        out.in("title", VerdictPart.headline(verdict.health()) + ": " + picture.status().host());
        out.raw("\n<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>\n<style>");
        out.raw(PageStyle.TEXT).raw("</style>\n</head>\n<body>\n");
        out.raw("<div id=\"gone\" role=\"alert\"></div>\n");
        for (Part part : Part.ALL) {
            boolean head = part.id().equals(Part.HEAD);
            String element = head ? "header" : "section";
            out.raw("<%s id=\"%s\" data-live>".formatted(element, part.id()));
            out.raw(part.html(picture)).raw("</%s>\n".formatted(element));
            if (head) {
                out.raw("<main>\n");
            }
        }
        out.raw("</main>\n<footer>For machines: <a href=\"/api/v1/status\">JSON</a>, ");
        out.raw("<a href=\"/metrics\">metrics</a>, <a href=\"/healthz\">liveness</a>, ");
        out.raw("<a href=\"/api/v1/events\">events</a>.</footer>\n<script>");
        out.raw(PageScript.TEXT).raw("</script>\n</body>\n</html>\n");
        return out.toString();
    }

    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                            .formatted(hash(PageStyle.TEXT), hash(PageScript.TEXT)),
                    "Referrer-Policy",
                    "no-referrer");

    /** What a browser may do with the page: run its one script, use its one style, ask us again. */
    public static Map<String, String> headers() {
        return HEADERS;
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
}

package buoy.daemon.page;

import buoy.daemon.status.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** The stats page at {@code /}, whole. */
public final class Page {
    private Page() {}

    /**
     * The page as HTML.
     *
     * @param token of who may act, if he may
     */
    public static String of(Picture picture, Optional<String> token) {
        Html out = new Html();
        Verdict verdict = Verdict.of(picture.status());
        // A form that somebody fills in must not be taken away soon.
        String again = token.isPresent() ? "30" : "5";
        head(
                out,
                VerdictPart.headline(verdict.health()) + ": " + picture.status().host(),
                "<noscript><meta http-equiv=\"refresh\" content=\"" + again + "\"></noscript>\n");
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
        out.raw(
                "<a href=\"/api/v1/events\">events</a>, <a href=\"/api/v1/history\">history</a>.</footer>\n");
        token.ifPresent(it -> ActionForms.write(it, out));
        out.raw("<script>").raw(PageScript.TEXT).raw("</script>\n</body>\n</html>\n");
        return out.toString();
    }

    private static final Map<String, String> LOOKING = headersWith("'none'");

    private static final Map<String, String> ACTING = headersWith("'self'");

    private static Map<String, String> headersWith(String formAction) {
        return Map.of(
                "Content-Security-Policy",
                "default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; base-uri 'none'; form-action %s; frame-ancestors 'none'"
                        .formatted(hash(PageStyle.TEXT), hash(PageScript.TEXT), formAction),
                "Referrer-Policy",
                // With none at all browsers say "null" for where a form comes from.
                "same-origin");
    }

    private static void head(Html out, String title, String more) {
        out.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.in("title", title).raw("\n" + more + "<style>");
        out.raw(PageStyle.TEXT).raw("</style>\n</head>\n<body>\n");
    }

    /** Up to the body, which it begins. */
    static void head(Html out, String title) {
        head(out, title, "");
    }

    /**
     * What a browser may do with the page: run its one script, use its one style, ask us again.
     *
     * @param actions whether it may send forms, to us
     */
    public static Map<String, String> headers(boolean actions) {
        return actions ? ACTING : LOOKING;
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

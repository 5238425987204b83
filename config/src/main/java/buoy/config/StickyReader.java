package buoy.config;

import buoy.config.model.Sticky;
import buoy.config.model.Sticky.SameSite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code pools.NAME.sticky}. */
final class StickyReader {
    private static final List<String> KINDS = List.of("cookie", "app-cookie", "source");

    private StickyReader() {}

    static Optional<Sticky> read(Section s) {
        List<String> given = KINDS.stream().filter(s::has).toList();
        if (given.isEmpty()) {
            s.problems()
                    .reject(
                            s.place(),
                            s.path(),
                            "does not say by what (add " + Text.choice(KINDS) + ")");
        } else if (given.size() > 1) {
            s.reject(
                    given.get(1),
                    "cannot stand beside %s (remove one of them)".formatted(given.getFirst()));
        }
        if (!s.has("cookie")) {
            List.of("secure", "http-only", "same-site").forEach(key -> s.onlyFor(key, "cookie"));
        }
        if (!s.has("source")) {
            s.onlyFor("ttl", "source");
        }
        given.stream().findFirst().ifPresent(s::kind);
        return s.has("cookie") ? cookie(s) : s.has("app-cookie") ? appCookie(s) : source(s);
    }

    private static Optional<Sticky> cookie(Section s) {
        Optional<String> name = s.optional("cookie", StickyReader::name);
        boolean secure = s.get("secure", Numbers.BOOL, true);
        boolean httpOnly = s.get("http-only", Numbers.BOOL, true);
        SameSite sameSite =
                s.get(
                        "same-site",
                        Words.of("lax", SameSite.LAX)
                                .or("strict", SameSite.STRICT)
                                .or("none", SameSite.NONE),
                        SameSite.LAX);
        if (sameSite == SameSite.NONE && !secure) {
            s.reject("same-site", "none is for secure cookies alone (use lax, or secure: true)");
        }
        return name.map(n -> new Sticky.OwnCookie(n, secure, httpOnly, sameSite));
    }

    private static Optional<Sticky> appCookie(Section s) {
        return s.optional("app-cookie", StickyReader::name).map(Sticky.AppCookie::new);
    }

    private static Optional<Sticky> source(Section s) {
        Optional<Boolean> source = s.optional("source", Numbers.BOOL);
        if (source.filter(on -> !on).isPresent()) {
            s.reject("source", "must be true (or remove sticky)");
        }
        Duration ttl =
                s.get(
                        "ttl",
                        Durations.between(Duration.ofSeconds(1), Duration.ofDays(30)),
                        Duration.ofMinutes(30));
        return source.map(_ -> new Sticky.Source(ttl));
    }

    /** RFC 6265 4.1.1: a token. */
    private static Parsed<String> name(String text) {
        return Pattern.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", text)
                ? Parsed.ok(text)
                : Parsed.wrong("must be the name of a cookie, got " + Text.quoted(text));
    }
}

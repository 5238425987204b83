package buoy.daemon.imports.nginx;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code location}.
 *
 * @param text the path, the pattern or the name
 */
record Location(Kind kind, String text, Scope scope) {
    enum Kind {
        /** {@code = /x}. */
        EXACT,
        /** {@code /x}. */
        PREFIX,
        /** {@code ^~ /x}: no pattern is looked at. */
        PREFIX_ALONE,
        /** {@code ~ x}. */
        PATTERN,
        /** {@code ~* x}. */
        PATTERN_ANY_CASE,
        /** {@code @x}: for NGINX itself alone. */
        NAMED
    }

    private static final Set<String> GIVEN_ON =
            Set.of("proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass");

    static List<Location> in(Scope around) {
        return around.own("location").stream().map(each -> of(each, around)).toList();
    }

    private static Location of(Directive line, Scope around) {
        String all = line.args().size() > 1 ? line.arg(0) + line.arg(1) : line.arg(0);
        Scope scope = around.inner(line);
        if (all.startsWith("=")) {
            return new Location(Kind.EXACT, all.substring(1), scope);
        }
        if (all.startsWith("^~")) {
            return new Location(Kind.PREFIX_ALONE, all.substring(2), scope);
        }
        if (all.startsWith("~*")) {
            return new Location(Kind.PATTERN_ANY_CASE, all.substring(2), scope);
        }
        if (all.startsWith("~")) {
            return new Location(Kind.PATTERN, all.substring(1), scope);
        }
        return all.startsWith("@")
                ? new Location(Kind.NAMED, all, scope)
                : new Location(Kind.PREFIX, all, scope);
    }

    boolean isPrefix() {
        return kind == Kind.PREFIX || kind == Kind.PREFIX_ALONE;
    }

    boolean isPattern() {
        return kind == Kind.PATTERN || kind == Kind.PATTERN_ANY_CASE;
    }

    /** The path that NGINX sends to the one with a slash behind it. */
    Optional<String> withoutSlash() {
        boolean passes = scope.own().stream().anyMatch(each -> GIVEN_ON.contains(each.name()));
        return isPrefix() && passes && text.length() > 1 && text.endsWith("/")
                ? Optional.of(text.substring(0, text.length() - 1))
                : Optional.empty();
    }
}

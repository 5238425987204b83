package buoy.daemon.imports.nginx;

import buoy.daemon.imports.draft.Patterns;
import java.util.Optional;
import java.util.Set;

/** What becomes of a path on its way to a server, by the URI behind {@code proxy_pass}. */
sealed interface PassedPath {
    /** It goes as it came. */
    record Same() implements PassedPath {}

    /**
     * Something is taken off its beginning.
     *
     * @param bySegment whether NGINX would take it off in the midst of a segment too
     */
    record Without(String prefix, boolean bySegment) implements PassedPath {}

    /** Something that no route does. */
    record Other() implements PassedPath {}

    /**
     * What NGINX puts in the place of the location's path.
     *
     * @param uri nothing where there is none
     */
    static PassedPath of(Location location, String uri) {
        String path = location.text();
        if (uri.isEmpty()
                || Set.of("$request_uri", "$uri", "$uri$is_args$args", "$uri?$args")
                        .contains(uri)) {
            return new Same();
        }
        if (location.isPattern()) {
            String plain = path.replaceAll("\\(\\?P?<[A-Za-z0-9_]+>", "(");
            String to = uri.replaceFirst("\\$is_args\\$args$", "");
            Optional<String> prefix = Patterns.stripped(plain, to);
            return prefix.<PassedPath>map(p -> new Without(p, false)).orElseGet(Other::new);
        }
        if (location.kind() == Location.Kind.NAMED || !Variables.isPlain(uri)) {
            return new Other();
        }
        if (uri.equals(path)) {
            return new Same();
        }
        if (path.endsWith(uri)) {
            return new Without(path.substring(0, path.length() - uri.length()), false);
        }
        return location.isPrefix() && uri.equals("/") && !path.endsWith("/")
                ? new Without(path, true)
                : new Other();
    }
}

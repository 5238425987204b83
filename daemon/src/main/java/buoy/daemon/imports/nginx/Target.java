package buoy.daemon.imports.nginx;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where {@code proxy_pass} or {@code grpc_pass} leads.
 *
 * @param authority the name of an upstream, a host with or without port, {@code unix:PATH}, or a
 *     variable
 * @param uri what stands in the place of the location's path, or nothing
 */
record Target(boolean encrypted, boolean grpc, String authority, String uri) {
    private static final Pattern UNIX = Pattern.compile("(unix:/[^:]*)(?::(.*))?");

    static Optional<Target> of(Directive line, Scope scope) {
        String url = Variables.resolved(line.arg(0), scope);
        boolean grpc = line.is("grpc_pass");
        Matcher scheme = Pattern.compile("(https?|grpcs?)://(.+)").matcher(url);
        if (!scheme.matches() && !grpc) {
            return Optional.empty();
        }
        boolean encrypted = scheme.matches() && scheme.group(1).endsWith("s");
        String rest = scheme.matches() ? scheme.group(2) : url;
        Matcher unix = UNIX.matcher(rest);
        if (unix.matches()) {
            return Optional.of(
                    new Target(
                            encrypted,
                            grpc,
                            unix.group(1),
                            unix.group(2) == null ? "" : unix.group(2)));
        }
        // A URI may begin with a variable, and a name may be one.
        Matcher parts =
                Pattern.compile("(\\$\\{[A-Za-z0-9_]+}|\\$[A-Za-z0-9_]+|[^/?$]+)(.*)")
                        .matcher(rest);
        return parts.matches()
                ? Optional.of(
                        new Target(
                                encrypted,
                                grpc,
                                parts.group(1),
                                parts.group(2).replaceAll("\\$\\{([A-Za-z0-9_]+)}", "\\$$1")))
                : Optional.empty();
    }

    /** The same at another place. */
    Target at(String other) {
        return new Target(encrypted, grpc, other, uri);
    }
}

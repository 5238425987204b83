package buoy.daemon.imports.nginx;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with {@code $variables} as texts with <code>${variables}</code> of Buoy. */
final class Variables {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$(?:([A-Za-z0-9_]+)|\\{([A-Za-z0-9_]+)})");

    private static final Map<String, String> OURS =
            Map.ofEntries(
                    Map.entry("host", "${host}"),
                    Map.entry("http_host", "${host}"),
                    Map.entry("remote_addr", "${client-address}"),
                    Map.entry("proxy_protocol_addr", "${client-address}"),
                    Map.entry("scheme", "${scheme}"),
                    Map.entry("request_uri", "${uri}"),
                    Map.entry("uri", "${path}"),
                    Map.entry("document_uri", "${path}"),
                    Map.entry("args", "${query}"),
                    Map.entry("query_string", "${query}"),
                    Map.entry("is_args", "?"),
                    Map.entry("server_port", "${port}"),
                    Map.entry("request_method", "${method}"),
                    Map.entry("request_id", "${request-id}"));

    private static final int LONGEST = 1000;

    private Variables() {}

    /**
     * Empty where a variable has no like here.
     *
     * @param scope that says what {@code set} has made of others
     */
    static Optional<String> translated(String text, Scope scope) {
        return filledIn(
                text.replace("$uri$is_args$args", "$request_uri"),
                name ->
                        Optional.ofNullable(OURS.get(name))
                                .or(
                                        () ->
                                                scope.constant(name)
                                                        .filter(value -> !value.contains("$")))
                                .or(
                                        () ->
                                                name.equals("server_name")
                                                        ? scope.value("server_name")
                                                                .filter(
                                                                        n ->
                                                                                Pattern.matches(
                                                                                        "[a-z0-9.-]+",
                                                                                        n))
                                                        : Optional.empty()));
    }

    /** A text with only what {@code set} has given for good filled in. */
    static String resolved(String text, Scope scope) {
        // What a variable is set to may name another; NGINX would not go in circles either.
        String now = text;
        for (int round = 0; round < 4 && now.contains("$") && now.length() <= LONGEST; round++) {
            now =
                    filledIn(
                                    now,
                                    name ->
                                            Optional.of(
                                                    scope.constant(name).orElse("${" + name + "}")))
                            .orElse(now);
        }
        return now.length() > LONGEST ? text : now;
    }

    static Optional<String> filledIn(String text, Function<String, Optional<String>> value) {
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (matcher.find()) {
            String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            Optional<String> found = value.apply(name);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            out.append(text, from, matcher.start()).append(found.get());
            from = matcher.end();
        }
        return Optional.of(out.append(text.substring(from)).toString());
    }

    /** Whether nothing in it depends on a request. */
    static boolean isPlain(String text) {
        return !text.contains("$");
    }
}

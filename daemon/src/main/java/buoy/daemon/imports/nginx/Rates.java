package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code limit_req} and {@code limit_conn}. */
final class Rates {
    private Rates() {}

    /** {@code requests-per-second} of a location. */
    static Optional<Node.Mapping> of(Scope scope, Remarks remarks) {
        List<Directive> lines = scope.nearest("limit_req");
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        lines.stream()
                .skip(1)
                .forEach(
                        line ->
                                remarks.left(
                                        line.at(),
                                        "a route has one limit of requests",
                                        "write the other under limits of the listener"));
        Directive line = lines.getFirst();
        Mark at = line.at();
        Optional<Directive> zone = zone(scope, "limit_req_zone", line.option("zone"));
        Optional<String> rate = zone.map(each -> each.option("rate")).flatMap(Rates::rate);
        Optional<String> key = zone.map(each -> each.arg(0)).flatMap(Rates::key);
        if (rate.isEmpty() || key.isEmpty()) {
            remarks.left(
                    at,
                    "%s counts by what no limit counts by".formatted(Text.shown(line.text())),
                    "write limits: {requests-per-second: {rate: 100, key: \"header:NAME\"}}");
            return Optional.empty();
        }
        int more =
                Pattern.matches("[0-9]{1,6}", line.option("burst"))
                        ? Integer.parseInt(line.option("burst"))
                        : 0;
        if (more > 0 && !line.has("nodelay")) {
            remarks.note(at, "what comes within burst is not slowed down here, as with nodelay");
        }
        remarks.note(at, "who is beyond the limit is answered 429 with Retry-After");
        Node.Mapping limit = new Node.Mapping(at);
        limit.word("rate", at, rate.get());
        // NGINX counts what comes beyond the one that may.
        limit.word("burst", at, Math.min(more + 1, 1_000_000));
        if (!key.get().equals("client-address")) {
            limit.text("key", at, key.get());
        }
        return Optional.of(limit);
    }

    /** Connections that one client may have, where that is what is counted. */
    static OptionalInt connections(Scope scope) {
        for (Directive line : scope.nearest("limit_conn")) {
            boolean byClient =
                    zone(scope, "limit_conn_zone", line.arg(0))
                            .flatMap(each -> key(each.arg(0)))
                            .filter("client-address"::equals)
                            .isPresent();
            if (byClient && Pattern.matches("[1-9][0-9]{0,5}", line.arg(1))) {
                return OptionalInt.of(Integer.parseInt(line.arg(1)));
            }
        }
        return OptionalInt.empty();
    }

    private static Optional<Directive> zone(Scope scope, String directive, String name) {
        return scope.top().own(directive).stream()
                .filter(
                        each ->
                                each.option("zone").equals(name)
                                        || each.option("zone").startsWith(name + ":"))
                .findFirst();
    }

    private static Optional<String> rate(String text) {
        Matcher matcher = Pattern.compile("([0-9]{1,6})r/([sm])").matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        BigDecimal rate =
                matcher.group(2).equals("m")
                        ? number.divide(BigDecimal.valueOf(60), 3, RoundingMode.HALF_UP)
                        : number;
        return rate.signum() > 0
                ? Optional.of(rate.stripTrailingZeros().toPlainString())
                : Optional.empty();
    }

    private static Optional<String> key(String text) {
        return switch (text) {
            case "$binary_remote_addr", "$remote_addr", "$realip_remote_addr" ->
                    Optional.of("client-address");
            case "$server_name", "$host", "$server_addr" -> Optional.of("route");
            default ->
                    Pattern.matches("\\$http_[a-z0-9_]+", text)
                            ? Optional.of(
                                    "header:" + text.substring("$http_".length()).replace('_', '-'))
                            : Optional.empty();
        };
    }
}

package buoy.config;

import buoy.config.model.AddressText;
import buoy.config.model.Family;
import buoy.config.model.FloatingRoute;
import buoy.config.model.FloatingRoute.Table;
import buoy.config.model.FloatingRule;
import buoy.config.model.Prefix;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** {@code vrrp.NAME.routes} and {@code rules}: what the kernel has while the router is active. */
final class FloatingReader {
    /** Nine digits, all that a number in the file may have; the kernel takes 32 bits. */
    private static final int MOST = 999_999_999;

    private static final Format<Table> TABLE =
            Format.of(
                    Shape.words(List.of("main", "local", "default"), new Shape.Whole(1, MOST)),
                    FloatingReader::table);

    private FloatingReader() {}

    static Optional<FloatingRoute> route(Section s) {
        Optional<Optional<Prefix>> to = s.required("to", FloatingReader::destination);
        Optional<InetAddress> via = s.optional("via", Addresses::address);
        Optional<InetAddress> source = s.optional("source", Addresses::address);
        Optional<String> interfaceName = s.optional("interface", Names::interfaceName);
        Table table = s.get("table", TABLE, Table.MAIN);
        Optional<Integer> metric = s.optional("metric", Numbers.between(1, MOST));
        Optional<InetAddress> network = to.flatMap(t -> t).map(Prefix::address);
        if (to.filter(Optional::isEmpty).isPresent() && via.or(() -> source).isEmpty()) {
            s.reject("to", "default is of which family? (add via, or write 0.0.0.0/0 or ::/0)");
        }
        judgeFamily(s, "via", via, network);
        judgeFamily(s, "source", source, network.or(() -> via));
        return to.map(t -> new FloatingRoute(t, via, source, interfaceName, table, metric));
    }

    static Optional<FloatingRule> rule(Section s) {
        Optional<Prefix> from = s.optional("from", FloatingReader::network);
        Optional<Prefix> to = s.optional("to", FloatingReader::network);
        if (!s.has("from") && !s.has("to")) {
            s.problems().reject(s.place(), s.path(), "matches everything (add from or to)");
        }
        judgeFamily(s, "to", to.map(Prefix::address), from.map(Prefix::address));
        Optional<Table> table = s.required("table", TABLE);
        Optional<Integer> priority = s.required("priority", Numbers.between(1, MOST));
        return table.flatMap(t -> priority.map(p -> new FloatingRule(from, to, t.number(), p)));
    }

    private static void judgeFamily(
            Section s, String key, Optional<InetAddress> address, Optional<InetAddress> other) {
        if (address.isPresent()
                && other.isPresent()
                && Family.of(address.get()) != Family.of(other.get())) {
            s.reject(
                    key,
                    "must be %s as %s is, got %s"
                            .formatted(
                                    Family.of(other.get()),
                                    AddressText.of(other.get()),
                                    AddressText.of(address.get())));
        }
    }

    private static Parsed<Optional<Prefix>> destination(String text) {
        return text.equals("default")
                ? Parsed.ok(Optional.empty())
                : network(text).then(prefix -> Parsed.ok(Optional.of(prefix)));
    }

    private static Parsed<Prefix> network(String text) {
        return Addresses.network(text)
                .then(network -> Parsed.ok(new Prefix(network.address(), network.length())));
    }

    private static Parsed<Table> table(String text) {
        return switch (text) {
            case "main" -> Parsed.ok(Table.MAIN);
            case "local" -> Parsed.ok(Table.LOCAL);
            case "default" -> Parsed.ok(Table.DEFAULT);
            default ->
                    switch (Numbers.between(1, MOST).parse(text)) {
                        case Parsed.Ok<Integer>(Integer number) -> Parsed.ok(new Table(number));
                        case Parsed.Wrong<Integer>(String why) ->
                                Parsed.wrong(why + " (or main, local or default)");
                    };
        };
    }
}

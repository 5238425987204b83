package buoy.daemon.imports.keepalived;

import buoy.config.Text;
import buoy.config.model.AddressText;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is there while a router is active: addresses, routes and rules. */
final class Floating {
    private static final Set<String> WITHOUT_VALUE =
            Set.of(
                    "use_vmac",
                    "home",
                    "nodad",
                    "mngtmpaddr",
                    "noprefixroute",
                    "autojoin",
                    "no_track",
                    "-nodad");

    /** The kernel's own way of numbering rules that have none begins here, and goes down. */
    private static final int FIRST_RULE = 32_765;

    private final Remarks remarks;
    private final Set<String> seen = new HashSet<>();

    Floating(Remarks remarks) {
        this.remarks = remarks;
    }

    /**
     * @param ownInterface addresses on others are not carried over
     */
    Node.Items addresses(Mark from, List<Statement> lines, String ownInterface) {
        Node.Items addresses = new Node.Items(from);
        for (Statement line : lines) {
            address(line, ownInterface)
                    .ifPresent(each -> addresses.add(Node.text(line.at(), each)));
        }
        return addresses;
    }

    private Optional<String> address(Statement line, String ownInterface) {
        String text = line.keyword();
        int slash = text.indexOf('/');
        Optional<InetAddress> address =
                Networks.address(slash < 0 ? text : text.substring(0, slash));
        int most = text.contains(":") ? 128 : 32;
        Optional<Integer> length =
                slash < 0 ? Optional.of(most) : Numbers.between(1, most, text.substring(slash + 1));
        if (address.isEmpty() || length.isEmpty()) {
            remarks.left(
                    line.at(),
                    "%s is no address".formatted(Text.shown(text)),
                    "write it with the length of its network");
            return Optional.empty();
        }
        Optional<String> device = after(line, "dev");
        if (device.filter(each -> !each.equals(ownInterface)).isPresent()) {
            remarks.left(
                    line.at(),
                    "%s is on another interface than its router".formatted(Text.shown(line.text())),
                    "write a router of its own on %s, with the same group"
                            .formatted(Text.shown(device.get())));
            return Optional.empty();
        }
        List<String> cosmetic = new ArrayList<>();
        for (String word : List.of("label", "brd", "broadcast", "preferred_lft")) {
            after(line, word).ifPresent(_ -> cosmetic.add(word));
        }
        after(line, "scope")
                .filter(scope -> !scope.equals("global"))
                .ifPresent(_ -> cosmetic.add("scope"));
        if (!cosmetic.isEmpty()) {
            remarks.note(
                    line.at(),
                    "%s: addresses have what one that floats needs, and no %s"
                            .formatted(Text.shown(text), String.join(" and no ", cosmetic)));
        }
        if (after(line, "peer").isPresent()) {
            remarks.left(
                    line.at(),
                    "%s has a peer".formatted(Text.shown(text)),
                    "write the address with its network");
        }
        unknown(
                line,
                1,
                Set.of("dev", "label", "brd", "broadcast", "preferred_lft", "scope", "peer"));
        String canonical = AddressText.of(address.get());
        if (!seen.add(canonical)) {
            remarks.note(line.at(), "%s is there twice".formatted(canonical));
            return Optional.empty();
        }
        return Optional.of(canonical + "/" + length.get());
    }

    private void unknown(Statement line, int from, Set<String> valued) {
        for (int i = from; i < line.words().size(); i++) {
            String word = line.word(i);
            if (valued.contains(word)) {
                i++;
            } else if (!WITHOUT_VALUE.contains(word)) {
                remarks.left(
                        line.at(),
                        "%s: %s has no like here"
                                .formatted(Text.shown(line.keyword()), Text.shown(word)),
                        "see docs/vrrp.md for what there is");
                return;
            }
        }
    }

    Node.Items routes(Mark from, List<Statement> lines) {
        Node.Items routes = new Node.Items(from);
        lines.forEach(line -> route(line).ifPresent(routes::add));
        return routes;
    }

    private Optional<Node> route(Statement line) {
        Mark at = line.at();
        Node.Mapping route = new Node.Mapping(at);
        String to = "";
        for (int i = 0; i < line.words().size(); i++) {
            String word = line.word(i);
            String value = line.word(i + 1);
            String key =
                    switch (word) {
                        case "src" -> "source";
                        case "via", "gw" -> "via";
                        case "dev", "oif" -> "interface";
                        case "table" -> "table";
                        case "metric", "priority", "preference" -> "metric";
                        case "scope", "proto" -> "";
                        case "to" -> "to";
                        case "no_track", "onlink", "unicast" -> "-";
                        default -> to.isEmpty() && isNetwork(word) ? "=" : "?";
                    };
            switch (key) {
                case "-" -> {
                    // Buoy sees to routes as it does.
                }
                case "" -> i++;
                case "=" -> to = word;
                case "to" -> {
                    to = value;
                    i++;
                }
                case "?" -> {
                    return leftOut(line, word);
                }
                default -> {
                    route.put(
                            key,
                            key.equals("table") || key.equals("metric")
                                    ? Node.word(at, value)
                                    : Node.text(at, value));
                    i++;
                }
            }
        }
        if (to.isEmpty() || !isNetwork(to) || !understood(route)) {
            return leftOut(line, to.isEmpty() ? "no destination" : to);
        }
        Node.Mapping ordered =
                new Node.Mapping(at).text("to", at, to.equals("default") ? to : network(to));
        route.entries().forEach(ordered::put);
        return Optional.of(ordered);
    }

    private static boolean understood(Node.Mapping mapping) {
        return mapping.entries().entrySet().stream()
                .allMatch(
                        entry -> {
                            String text = ((Node.Scalar) entry.getValue()).text();
                            return switch (entry.getKey()) {
                                case "source", "via" -> Networks.address(text).isPresent();
                                case "table" -> isTable(text);
                                case "metric" -> Pattern.matches("[1-9][0-9]{0,8}", text);
                                default -> !text.isEmpty();
                            };
                        });
    }

    private static boolean isTable(String text) {
        return Pattern.matches("[1-9][0-9]{0,8}|main|local|default", text);
    }

    private static boolean isNetwork(String word) {
        return word.equals("default") || Networks.parse(word).isPresent();
    }

    private static String network(String text) {
        return Networks.parse(text).map(Object::toString).orElse(text);
    }

    private Optional<Node> leftOut(Statement line, String word) {
        remarks.left(
                line.at(),
                "%s: %s has no like here".formatted(Text.shown(line.text()), Text.shown(word)),
                "let notify run ip route or ip rule");
        return Optional.empty();
    }

    Node.Items rules(Mark from, List<Statement> lines) {
        Node.Items rules = new Node.Items(from);
        lines.forEach(line -> rule(line, FIRST_RULE - rules.nodes().size()).ifPresent(rules::add));
        return rules;
    }

    private Optional<Node> rule(Statement line, int usual) {
        Mark at = line.at();
        Node.Mapping rule = new Node.Mapping(at);
        for (int i = 0; i < line.words().size(); i++) {
            String value = line.word(i + 1);
            switch (line.word(i)) {
                case "from", "to" -> {
                    if (Networks.parse(value).isEmpty()) {
                        return leftOut(line, value);
                    }
                    rule.text(line.word(i), at, network(value));
                    i++;
                }
                case "table", "lookup" -> {
                    if (!isTable(value)) {
                        return leftOut(line, value);
                    }
                    rule.word("table", at, value);
                    i++;
                }
                case "priority", "pref", "preference" -> {
                    if (!Pattern.matches("[1-9][0-9]{0,8}", value)) {
                        return leftOut(line, value);
                    }
                    rule.word("priority", at, value);
                    i++;
                }
                case "no_track" -> {
                    // Buoy sees to rules as it does.
                }
                default -> {
                    return leftOut(line, line.word(i));
                }
            }
        }
        if (!rule.has("table") || !(rule.has("from") || rule.has("to"))) {
            return leftOut(line, "a rule without from, to or table");
        }
        if (!rule.has("priority")) {
            rule.word("priority", at, usual);
        }
        return Optional.of(rule);
    }

    /** The word behind another. */
    private static Optional<String> after(Statement line, String word) {
        int at = line.words().indexOf(word);
        return at > 0 && at + 1 < line.words().size()
                ? Optional.of(line.word(at + 1))
                : Optional.empty();
    }
}

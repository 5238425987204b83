package buoy.daemon.imports.draft;

import buoy.config.Text;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** {@code headers} of a listener. */
public final class Fields {
    /** Fields that Buoy writes of itself. */
    private static final Set<String> OURS =
            Set.of(
                    "x-forwarded-for",
                    "x-forwarded-proto",
                    "x-forwarded-host",
                    "x-forwarded-port",
                    "via");

    /** Fields that cannot be changed. */
    private static final Set<String> FIXED =
            Set.of(
                    "host",
                    "forwarded",
                    "x-client-cert-subject",
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "content-length",
                    "upgrade",
                    "http2-settings",
                    "expect",
                    "max-forwards",
                    "sec-websocket-key",
                    "sec-websocket-version",
                    "sec-websocket-accept");

    private final Node.Mapping headers;
    private final Remarks remarks;
    private final Function<String, Optional<String>> values;

    /** What becomes of each name so far, by side. */
    private final Map<String, String> changed = new HashMap<>();

    /**
     * @param values of a text of the language the text with our variables; empty where it has
     *     something in it that has no like here
     */
    public Fields(Mark at, Remarks remarks, Function<String, Optional<String>> values) {
        headers = new Node.Mapping(at);
        this.remarks = remarks;
        this.values = values;
    }

    public Optional<Node.Mapping> headers() {
        return headers.isEmpty() ? Optional.empty() : Optional.of(headers);
    }

    /**
     * Takes a change in, or says why not.
     *
     * @param side {@code request} or {@code response}
     * @param what {@code set}, {@code add} or {@code remove}
     * @param format of the value, as its language has it; not looked at for remove
     */
    public void change(Mark at, String side, String what, String name, String format) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (side.equals("request") && OURS.contains(lower)) {
            remarks.note(at, "Buoy itself writes %s for servers".formatted(name));
            return;
        }
        if (FIXED.contains(lower) || OURS.contains(lower)) {
            remarks.left(
                    at,
                    "%s cannot be changed".formatted(Text.shown(name)),
                    lower.equals("host")
                            ? "let the server take the client's Host, or X-Forwarded-Host"
                            : "remove the line");
            return;
        }
        if (!Pattern.matches("[A-Za-z0-9!#$%&'*+.^`|~-]{1,100}", name)) {
            remarks.left(
                    at,
                    "%s is no name of a field that servers get".formatted(Text.shown(name)),
                    "use one without an underscore");
            return;
        }
        Node.Mapping changes = headers.within(side, at);
        if (what.equals("remove")) {
            Node.Items items =
                    changes.get("remove").orElse(null) instanceof Node.Items present
                            ? present
                            : new Node.Items(at);
            changes.put("remove", items);
            if (changed.put(side + " remove " + lower, name) == null) {
                items.add(Node.text(at, name));
            }
            return;
        }
        Optional<String> value = values.apply(format);
        if (value.isEmpty() || !value.get().equals(value.get().strip())) {
            remarks.left(
                    at,
                    "the value of %s has something in it that is not known here"
                            .formatted(Text.shown(name)),
                    "see Variables in docs/configuration.md for what there is");
            removeIfEmpty(side);
            return;
        }
        String other = what.equals("set") ? "add" : "set";
        if (changed.containsKey(side + " " + other + " " + lower)
                || (what.equals("add") && changed.containsKey(side + " add " + lower))) {
            remarks.left(
                    at,
                    "%s is changed twice".formatted(Text.shown(name)),
                    "write one line for it under headers");
            removeIfEmpty(side);
            return;
        }
        // A later line for the same name goes before, whatever its letters.
        String before = changed.put(side + " " + what + " " + lower, name);
        Node.Mapping lines = changes.within(what, at);
        if (before != null) {
            lines.remove(before);
        }
        lines.text(name, at, value.get());
    }

    private void removeIfEmpty(String side) {
        if (headers.get(side).orElse(null) instanceof Node.Mapping changes && changes.isEmpty()) {
            headers.remove(side);
        }
    }
}

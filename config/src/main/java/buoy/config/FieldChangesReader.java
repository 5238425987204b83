package buoy.config;

import buoy.config.model.FieldChanges;
import buoy.config.model.Listener.Headers;
import buoy.config.model.Template;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code listeners.NAME.headers}. */
final class FieldChangesReader {
    private static final String FRAMING =
            "cannot be changed: it says where a message ends or what the connection does";
    private static final String OURS = "cannot be changed: Buoy itself writes it";

    /** Fields on which the safety of other messages rests (RFC 9110 7.6.1, RFC 9112 6). */
    private static final Map<String, String> FIXED =
            Map.ofEntries(
                    Map.entry("connection", FRAMING),
                    Map.entry("keep-alive", FRAMING),
                    Map.entry("proxy-connection", FRAMING),
                    Map.entry("te", FRAMING),
                    Map.entry("trailer", FRAMING),
                    Map.entry("transfer-encoding", FRAMING),
                    Map.entry("content-length", FRAMING),
                    Map.entry("upgrade", FRAMING),
                    Map.entry("http2-settings", FRAMING),
                    Map.entry("expect", FRAMING),
                    Map.entry("max-forwards", FRAMING),
                    Map.entry("sec-websocket-key", FRAMING),
                    Map.entry("sec-websocket-version", FRAMING),
                    Map.entry("sec-websocket-accept", FRAMING),
                    Map.entry("host", OURS),
                    Map.entry("via", OURS),
                    Map.entry("forwarded", OURS),
                    Map.entry("x-forwarded-for", OURS),
                    Map.entry("x-forwarded-proto", OURS),
                    Map.entry("x-forwarded-host", OURS),
                    Map.entry("x-forwarded-port", OURS),
                    Map.entry("x-client-cert-subject", OURS));

    private FieldChangesReader() {}

    static Headers read(Section s) {
        return new Headers(
                s.within("request", FieldChangesReader::changes),
                s.within("response", FieldChangesReader::changes));
    }

    private static FieldChanges changes(Section s) {
        Map<String, Template> set = values(s, "set");
        Map<String, Template> add = values(s, "add");
        Set<String> remove = new LinkedHashSet<>();
        s.list("remove", FieldChangesReader::name).forEach(item -> remove.add(item.value()));
        Set<String> names = new HashSet<>();
        for (String name : set.keySet()) {
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                s.reject("set", "names %s twice".formatted(Text.quoted(name)));
            }
        }
        for (String name : add.keySet()) {
            if (names.contains(name.toLowerCase(Locale.ROOT))) {
                s.reject(
                        "add",
                        "has %s, which is set as well (remove one)".formatted(Text.quoted(name)));
            }
        }
        return new FieldChanges(set, add, remove);
    }

    private static Map<String, Template> values(Section s, String key) {
        return s.each(
                key,
                FieldChangesReader::name,
                (name, parent) -> MatchReader.value(name, parent, FieldChangesReader::value));
    }

    private static Parsed<String> name(String text) {
        return MatchReader.token(text)
                .then(
                        name -> {
                            String why = FIXED.get(name.toLowerCase(Locale.ROOT));
                            return why == null ? Parsed.ok(name) : Parsed.wrong(why);
                        });
    }

    private static Parsed<Template> value(String text) {
        return text.equals(text.strip())
                ? Templates.template(text)
                : Parsed.wrong("must have no spaces around it, got " + Text.quoted(text));
    }
}

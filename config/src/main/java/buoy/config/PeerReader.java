package buoy.config;

import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.Peer;
import buoy.config.model.Secret;
import java.util.List;
import java.util.Optional;

/** {@code peer}. */
final class PeerReader {
    private static final int MOST_OTHERS = 15;

    /** Whoever connects can try keys at leisure, without asking again: so it has to be long. */
    private static final int SHORTEST_KEY = 32;

    /** Less is a word typed again and again. */
    private static final int FEWEST_CHARACTERS = 12;

    private PeerReader() {}

    static Optional<Peer> read(Section s, Claims<Location> binds) {
        Optional<Endpoint> bind = s.required("bind", PeerReader::bind);
        bind.ifPresent(b -> binds.claim(b, b.toString(), s.place("bind"), s.path("bind")));
        Claims<Endpoint> once = new Claims<>(s.problems(), "name each host once");
        List<Section.Item<Endpoint>> others = s.requiredList("others", Addresses::endpoint);
        for (Section.Item<Endpoint> other : others) {
            if (bind.filter(other.value()::equals).isPresent()) {
                s.problems()
                        .reject(
                                other.place(),
                                other.path(),
                                "%s is this host (name the others)".formatted(other.value()));
            }
            once.claim(other.value(), other.value().toString(), other.place(), other.path());
        }
        if (others.size() > MOST_OTHERS) {
            s.reject("others", "must be at most %d hosts".formatted(MOST_OTHERS));
        }
        Optional<Secret> key = key(s);
        return bind.flatMap(
                b ->
                        key.map(
                                k ->
                                        new Peer(
                                                b,
                                                others.stream().map(Section.Item::value).toList(),
                                                k)));
    }

    /** The others connect to it, so it cannot be any address. */
    private static Parsed<Endpoint> bind(String text) {
        return Addresses.endpoint(text)
                .then(
                        e ->
                                e.address().isAnyLocalAddress()
                                        ? Parsed.wrong(
                                                "must be an address of this host, from which it"
                                                        + " also connects to the others, got "
                                                        + Text.quoted(text))
                                        : Parsed.ok(e));
    }

    private static Optional<Secret> key(Section s) {
        if (s.has("key") && s.has("key-file")) {
            s.reject("key-file", "cannot stand beside key (remove either)");
        } else if (!s.has("key")) {
            return s.requiredFile(
                    "key-file",
                    text -> Names.secretFile(text).then(Disk::firstLine).then(PeerReader::strong));
        }
        return s.secret("key", PeerReader::strong);
    }

    private static Parsed<Secret> strong(String text) {
        return text.length() >= SHORTEST_KEY && text.chars().distinct().count() >= FEWEST_CHARACTERS
                ? Parsed.ok(new Secret(text))
                : Parsed.wrong(
                        "must be a line of at least %d random characters (openssl rand -base64 48)"
                                .formatted(SHORTEST_KEY));
    }
}

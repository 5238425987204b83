package buoy.config;

import buoy.config.model.ListenerTls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code listeners.NAME.tls}. */
final class TlsReader {
    /** RFC 8446 4.6.1: no ticket may live longer. */
    private static final Duration LONGEST_TICKET = Duration.ofDays(7);

    private final Set<String> certificates;
    private final boolean peers;

    /**
     * @param peers whether this host shares a key with others
     */
    TlsReader(Set<String> certificates, boolean peers) {
        this.certificates = certificates;
        this.peers = peers;
    }

    /** Of an {@code http} listener. */
    Optional<ListenerTls> http(Section s) {
        return read(s, httpAlpn(s));
    }

    /** Of a {@code tcp} listener, which knows nothing of what is spoken inside. */
    Optional<ListenerTls> tcp(Section s) {
        return read(s, names(s.list("alpn", TlsReader::protocol)));
    }

    /** Of a {@code postgres} listener: IANA's name of the one protocol there is. */
    Optional<ListenerTls> postgres(Section s) {
        s.onlyFor("alpn", "the protocols http and tcp");
        return read(s, List.of("postgresql"));
    }

    private Optional<ListenerTls> read(Section s, List<String> alpn) {
        Claims<String> once = new Claims<>(s.problems(), "name each certificate once");
        List<Section.Item<String>> names =
                s.requiredList("certificates", Words.nameOf("certificate", certificates));
        names.forEach(n -> once.claim(n.value(), Text.quoted(n.value()), n.place(), n.path()));
        ListenerTls.Policy policy =
                s.get(
                        "policy",
                        Words.of("intermediate", ListenerTls.Policy.INTERMEDIATE)
                                .or("modern", ListenerTls.Policy.MODERN),
                        ListenerTls.Policy.INTERMEDIATE);
        Optional<ListenerTls.Version> minVersion =
                s.optional(
                        "min-version",
                        Words.of("TLSv1.2", ListenerTls.Version.TLS_1_2)
                                .or("TLSv1.3", ListenerTls.Version.TLS_1_3));
        ListenerTls.UnknownNames unknownNames =
                s.get(
                        "unknown-names",
                        Words.of("default", ListenerTls.UnknownNames.DEFAULT)
                                .or("reject", ListenerTls.UnknownNames.REJECT),
                        ListenerTls.UnknownNames.DEFAULT);
        Optional<ListenerTls.ClientCertificates> client = s.optionally("client", TlsReader::client);
        boolean ocsp = s.get("ocsp", Numbers.BOOL, true);
        Optional<ListenerTls.Tickets> tickets = s.optionally("tickets", this::tickets);
        return Optional.of(
                new ListenerTls(
                        names(names),
                        policy,
                        minVersion,
                        alpn,
                        unknownNames,
                        client,
                        ocsp,
                        tickets));
    }

    private Optional<ListenerTls.Tickets> tickets(Section s) {
        Optional<Path> keysFile = s.file("keys-file", Names::secretFile);
        Duration rotate =
                s.get(
                        "rotate",
                        Durations.between(Duration.ofSeconds(10), LONGEST_TICKET),
                        Duration.ofHours(12));
        if (!s.has("keys-file") && !peers) {
            s.problems()
                    .reject(
                            s.place(),
                            s.path(),
                            "has no keys that other hosts know (name a keys-file, add peer whose key"
                                    + " is shared, or remove tickets: clients resume within this"
                                    + " process)");
        }
        return Optional.of(new ListenerTls.Tickets(keysFile, rotate));
    }

    private static Optional<ListenerTls.ClientCertificates> client(Section s) {
        Optional<Path> ca = s.requiredFile("ca", Names::path);
        boolean require = s.get("require", Numbers.BOOL, true);
        Optional<Path> crl = s.file("crl", Names::path);
        return ca.map(file -> new ListenerTls.ClientCertificates(file, require, crl));
    }

    private static List<String> httpAlpn(Section s) {
        if (!s.has("alpn")) {
            return List.of("h2", "http/1.1");
        }
        return names(s.requiredList("alpn", Words.of("h2", "h2").or("http/1.1", "http/1.1")));
    }

    private static List<String> names(List<Section.Item<String>> items) {
        return items.stream().map(Section.Item::value).distinct().toList();
    }

    /** RFC 7301 3.1: 1 to 255 octets. */
    private static Parsed<String> protocol(String text) {
        return !text.isEmpty()
                        && text.length() <= 255
                        && StandardCharsets.US_ASCII.newEncoder().canEncode(text)
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "must be a protocol's name of 1..255 ASCII characters, got "
                                + Text.quoted(text));
    }
}

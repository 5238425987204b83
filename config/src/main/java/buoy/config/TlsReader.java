package buoy.config;

import buoy.config.model.ListenerTls;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code listeners.NAME.tls}. */
final class TlsReader {
    private final Set<String> certificates;

    TlsReader(Set<String> certificates) {
        this.certificates = certificates;
    }

    Optional<ListenerTls> read(Section s) {
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
        s.notAvailable("client", "tickets", "ocsp");
        List<String> alpn = alpn(s);
        return Optional.of(
                new ListenerTls(
                        names.stream().map(Section.Item::value).toList(),
                        policy,
                        minVersion,
                        alpn,
                        unknownNames));
    }

    /** HTTP/2 is not built, so the default is HTTP/1.1 alone. */
    private static List<String> alpn(Section s) {
        if (!s.has("alpn")) {
            return List.of("http/1.1");
        }
        return s.requiredList("alpn", Words.of("http/1.1", "http/1.1").notAvailable("h2")).stream()
                .map(Section.Item::value)
                .distinct()
                .toList();
    }
}

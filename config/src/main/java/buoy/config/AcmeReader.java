package buoy.config;

import buoy.config.model.Certificate;
import buoy.config.model.Certificate.Acme;
import buoy.config.model.Endpoint;
import buoy.config.model.Listener;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code certificates.NAME.acme}. */
final class AcmeReader {
    /** What the most generous of the public CAs takes. */
    private static final int MOST_NAMES = 100;

    private static final int HTTP_PORT = 80;
    private static final int TLS_PORT = 443;

    private final Path state;
    private final List<Written> written = new ArrayList<>();

    /** What was read, and where it stands. */
    private record Written(Section at, Acme acme) {}

    /**
     * @param state where Buoy keeps what it has to remember
     */
    AcmeReader(Path state) {
        this.state = state;
    }

    Optional<Certificate> read(String name, Section s) {
        Optional<String> directory = s.required("directory", AcmeReader::directory);
        Claims<String> once = new Claims<>(s.problems(), "name each once");
        List<Section.Item<String>> names = s.requiredList("names", AcmeReader::dnsName);
        names.forEach(n -> once.claim(n.value(), Text.quoted(n.value()), n.place(), n.path()));
        if (names.size() > MOST_NAMES) {
            s.reject("names", "must be at most %d (make a second one)".formatted(MOST_NAMES));
        }
        List<String> contacts = values(s.list("contacts", AcmeReader::contact));
        Acme.KeyType keyType =
                s.get(
                        "key-type",
                        Words.of("ec256", Acme.KeyType.EC256)
                                .or("ec384", Acme.KeyType.EC384)
                                .or("rsa2048", Acme.KeyType.RSA2048)
                                .or("rsa4096", Acme.KeyType.RSA4096),
                        Acme.KeyType.EC256);
        Optional<Path> ca = s.file("ca", Names::path);
        List<Acme.Challenge> challenges =
                s.has("challenges")
                        ? values(
                                s.requiredList(
                                        "challenges",
                                        Words.of("http-01", Acme.Challenge.HTTP_01)
                                                .or("tls-alpn-01", Acme.Challenge.TLS_ALPN_01)))
                        : List.of(Acme.Challenge.HTTP_01, Acme.Challenge.TLS_ALPN_01);
        if (directory.isEmpty() || names.isEmpty()) {
            return Optional.empty();
        }
        Acme acme =
                new Acme(
                        name,
                        directory.get(),
                        values(names),
                        contacts,
                        keyType,
                        challenges,
                        ca,
                        state.resolve("acme").resolve(name + ".pem"));
        written.add(new Written(s, acme));
        return Optional.of(acme);
    }

    /**
     * Leaves each certificate the challenges that a listener can answer, and complains where there
     * is none.
     */
    Certificate answerable(Certificate certificate, Collection<Listener> listeners) {
        for (Written each : written) {
            if (each.acme().equals(certificate)) {
                return answerable(each, listeners);
            }
        }
        return certificate;
    }

    /** There are other hosts, and no way to them. */
    void warnOfLonelyHosts() {
        written.forEach(
                each ->
                        each.at()
                                .problems()
                                .warn(
                                        each.at().place(),
                                        each.at().path(),
                                        "the host that takes the address over has no certificate"
                                                + " until it has ordered its own (add peer)"));
    }

    private static Acme answerable(Written written, Collection<Listener> listeners) {
        Acme acme = written.acme();
        Section at = written.at();
        List<Acme.Challenge> left =
                acme.challenges().stream()
                        .filter(c -> listeners.stream().anyMatch(l -> answers(l, c)))
                        .toList();
        if (left.isEmpty()) {
            at.problems()
                    .reject(
                            at.place(),
                            at.path(),
                            "no listener can answer the CA (add one with protocol: http and no tls"
                                    + " on port 80 for http-01, or one with tls on port 443 for"
                                    + " tls-alpn-01)");
            return acme;
        }
        if (left.stream().noneMatch(c -> listeners.stream().anyMatch(l -> atItsPort(l, c)))) {
            at.problems()
                    .warn(
                            at.place(),
                            at.path(),
                            "the CA asks at port 80 (http-01) or 443 (tls-alpn-01), where no"
                                    + " listener is bound (have the port forwarded, or bind it)");
        }
        return new Acme(
                acme.name(),
                acme.directory(),
                acme.names(),
                acme.contacts(),
                acme.keyType(),
                left,
                acme.ca(),
                acme.pem());
    }

    private static boolean answers(Listener listener, Acme.Challenge challenge) {
        return switch (challenge) {
            case HTTP_01 -> listener instanceof Listener.Http && listener.tls().isEmpty();
            case TLS_ALPN_01 ->
                    !(listener instanceof Listener.Postgres) && listener.tls().isPresent();
        };
    }

    private static boolean atItsPort(Listener listener, Acme.Challenge challenge) {
        int port =
                switch (challenge) {
                    case HTTP_01 -> HTTP_PORT;
                    case TLS_ALPN_01 -> TLS_PORT;
                };
        return answers(listener, challenge)
                && listener.bind().stream()
                        .anyMatch(at -> at instanceof Endpoint endpoint && endpoint.port() == port);
    }

    private static <T> List<T> values(List<Section.Item<T>> items) {
        return items.stream().map(Section.Item::value).distinct().toList();
    }

    /** RFC 8555 6.1: over HTTPS alone. */
    private static Parsed<String> directory(String text) {
        try {
            URI uri = new URI(text);
            return "https".equals(uri.getScheme()) && uri.getHost() != null
                    ? Parsed.ok(text)
                    : Parsed.wrong(
                            "must be the https URL of a CA's directory, got " + quoted(text));
        } catch (URISyntaxException _) {
            return Parsed.wrong("must be the https URL of a CA's directory, got " + quoted(text));
        }
    }

    private static String quoted(String text) {
        return Text.quoted(text);
    }

    /** RFC 8555 7.3: mailto is the one scheme that every CA has to know. */
    private static Parsed<String> contact(String text) {
        return Pattern.matches("mailto:[!-~&&[^,?]]+@[!-~&&[^,?]]+", text)
                ? Parsed.ok(text)
                : Parsed.wrong("must be like mailto:ops@example.com, got " + Text.quoted(text));
    }

    private static Parsed<String> dnsName(String text) {
        if (text.startsWith("*.")) {
            return Parsed.wrong(
                    "a wildcard takes the challenge dns-01, which is "
                            + Problems.NOT_AVAILABLE
                            + " (write each name)");
        }
        String label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
        return text.length() <= 253
                        && Pattern.matches(label + "(\\." + label + ")+", text)
                        && !Pattern.matches("[0-9.]+", text)
                ? Parsed.ok(text.toLowerCase(Locale.ROOT))
                : Parsed.wrong("must be a DNS name such as app.example.com, got " + quoted(text));
    }
}

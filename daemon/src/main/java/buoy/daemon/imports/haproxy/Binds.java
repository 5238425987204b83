package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Times;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The sockets of a frontend: {@code bind} and its options. */
final class Binds {
    private static final Set<String> ALONE =
            Set.of(
                    "ssl",
                    "accept-proxy",
                    "strict-sni",
                    "transparent",
                    "defer-accept",
                    "tfo",
                    "v4v6",
                    "v6only",
                    "allow-0rtt",
                    "generate-certificates",
                    "no-ca-names",
                    "no-sslv3",
                    "no-tlsv10",
                    "no-tlsv11",
                    "no-tlsv12",
                    "no-tlsv13",
                    "force-sslv3",
                    "force-tlsv10",
                    "force-tlsv11",
                    "force-tlsv12",
                    "force-tlsv13",
                    "no-tls-tickets",
                    "tls-tickets",
                    "prefer-client-ciphers",
                    "no-strict-sni",
                    "quic-force-retry");

    private static final Set<String> VALUED =
            Set.of(
                    "crt",
                    "crt-list",
                    "ca-file",
                    "ca-verify-file",
                    "verify",
                    "crl-file",
                    "alpn",
                    "npn",
                    "ciphers",
                    "ciphersuites",
                    "curves",
                    "ecdhe",
                    "sigalgs",
                    "client-sigalgs",
                    "ssl-min-ver",
                    "ssl-max-ver",
                    "name",
                    "id",
                    "nice",
                    "maxconn",
                    "backlog",
                    "mss",
                    "interface",
                    "mode",
                    "user",
                    "uid",
                    "group",
                    "gid",
                    "level",
                    "process",
                    "thread",
                    "shards",
                    "proto",
                    "tcp-ut",
                    "namespace",
                    "severity-output",
                    "expose-fd",
                    "ca-ignore-err",
                    "crt-ignore-err",
                    "tls-ticket-keys",
                    "ca-sign-file",
                    "ca-sign-pass",
                    "accept-netscaler-cip",
                    "quic-cc-algo",
                    "label",
                    "nbconn",
                    "ocsp-update");

    /** Options that have no like here, and what to do. */
    private static final Map<String, String> LEFT =
            Map.of(
                    "ssl-max-ver", "TLS 1.3 is spoken with whoever can",
                    "no-tlsv13", "TLS 1.3 is spoken with whoever can",
                    "force-tlsv12", "TLS 1.3 is spoken with whoever can",
                    "interface", "name the addresses of that interface in bind",
                    "namespace", "run a Buoy within the namespace",
                    "generate-certificates", "have a certificate for each name",
                    "accept-netscaler-cip", "let the device send the PROXY protocol",
                    "quic-force-retry", "HTTP/3 is not spoken here",
                    "transparent", "name the addresses in bind: Buoy binds them wherever they are");

    /** A file that names certificates is looked at as far as this. */
    private static final int MOST_CERTIFICATES = 1000;

    /**
     * What a listener is made for: sockets that are the same but for their place.
     *
     * @param first the line that speaks of it first
     */
    record Part(Mark first, List<String> endpoints, boolean encrypted, Node.Mapping keys) {}

    private final Context context;
    private final boolean http;

    Binds(Context context, boolean http) {
        this.context = context;
        this.http = http;
    }

    List<Part> parts(List<Line> lines) {
        Map<String, Part> parts = new LinkedHashMap<>();
        for (Line line : lines) {
            Options options = Options.read(Options.NONE, line.from(2), ALONE, VALUED);
            for (String word : options.unknown()) {
                context.remarks()
                        .left(
                                line.at(),
                                "%s is no option of bind that is known".formatted(Text.shown(word)),
                                "see listeners in docs/configuration.md");
            }
            LEFT.forEach(
                    (word, instead) -> {
                        if (options.has(word)) {
                            context.remarks().left(line.at(), word + " has no like here", instead);
                        }
                    });
            List<String> endpoints = endpoints(line, options);
            Node.Mapping keys = keys(line, options);
            if (options.has("ssl") && keys.get("tls").isEmpty()) {
                context.remarks()
                        .left(
                                line.at(),
                                "a listener with TLS and no certificate",
                                "name one: tls: {certificates: [NAME]}");
                continue;
            }
            if (!endpoints.isEmpty()) {
                Node.Mapping shown = new Node.Mapping(line.at()).put("keys", keys);
                parts.computeIfAbsent(
                                buoy.daemon.imports.draft.YamlWriter.write(shown),
                                _ ->
                                        new Part(
                                                line.at(),
                                                new ArrayList<>(),
                                                options.has("ssl"),
                                                keys))
                        .endpoints()
                        .addAll(endpoints);
            }
        }
        return List.copyOf(parts.values());
    }

    private List<String> endpoints(Line line, Options options) {
        List<String> all = new ArrayList<>();
        for (String place : line.word(1).split(",", -1)) {
            if (place.startsWith("quic")) {
                context.remarks()
                        .left(
                                line.at(),
                                "HTTP/3 is not spoken here",
                                "clients come by HTTP/2 to the same port of TCP");
                continue;
            }
            Optional<List<String>> endpoints = Endpoints.bind(place);
            if (endpoints.isEmpty()) {
                context.remarks()
                        .left(
                                line.at(),
                                "%s is no address and port".formatted(Text.shown(place)),
                                "write bind: [\"198.51.100.1:443\"], with the address of this host or 0.0.0.0");
                continue;
            }
            endpoints.get().stream().filter(e -> !all.contains(e)).forEach(all::add);
            if (options.has("v4v6")) {
                endpoints.get().stream()
                        .filter(e -> e.startsWith("[::]:"))
                        .map(e -> "0.0.0.0:" + Endpoints.port(e))
                        .filter(e -> !all.contains(e))
                        .forEach(all::add);
            }
        }
        return all;
    }

    /** Keys of the listener that its sockets decide. */
    private Node.Mapping keys(Line line, Options options) {
        Mark at = line.at();
        Node.Mapping keys = new Node.Mapping(at);
        if (options.has("accept-proxy")) {
            keys.word("proxy-protocol", at, true);
            keys.put("trusted-proxies", Node.Items.texts(at, List.of("0.0.0.0/0", "::/0")));
            keys.comment(
                    "trusted-proxies",
                    "HAProxy believed anybody's PROXY header here: name the networks of your proxies");
            context.remarks()
                    .note(
                            at,
                            "accept-proxy believes anybody's PROXY header: name the networks of your proxies in trusted-proxies");
        }
        options.get("tcp-ut")
                .flatMap(Proxy::time)
                .ifPresent(
                        time -> keys.within("tcp", at).word("user-timeout", at, Times.text(time)));
        if (options.has("maxconn")) {
            context.remarks()
                    .left(at, "maxconn of one socket", "write max-connections of the listener");
        }
        if (options.has("ssl")) {
            tls(line, options).ifPresent(tls -> keys.put("tls", tls));
        }
        return keys;
    }

    private Optional<Node.Mapping> tls(Line line, Options options) {
        Mark at = line.at();
        Node.Mapping tls = new Node.Mapping(at);
        Set<String> names = new LinkedHashSet<>();
        for (String file : options.each("crt")) {
            context.certificate(at, file).ifPresent(path -> names.add(certificate(at, path)));
        }
        for (String list : options.each("crt-list")) {
            names.addAll(listed(at, list));
        }
        if (names.isEmpty()) {
            return Optional.empty();
        }
        tls.put("certificates", Node.Items.texts(at, names));
        minVersion(options).ifPresent(version -> tls.text("min-version", at, version));
        if (options.has("strict-sni")) {
            tls.text("unknown-names", at, "reject");
        }
        alpn(at, options).ifPresent(alpn -> tls.put("alpn", alpn));
        client(at, options).ifPresent(client -> tls.put("client", client));
        options.get("tls-ticket-keys")
                .ifPresent(
                        file ->
                                context.remarks()
                                        .left(
                                                at,
                                                "HAProxy seals with the last key but one of %s, Buoy with the first"
                                                        .formatted(Text.shown(file)),
                                                "move that line to the top of a copy and write tls: {tickets: {keys-file: COPY}}"));
        if (options.has("allow-0rtt")) {
            context.remarks().note(at, "0-RTT is never taken: such clients wait for the handshake");
        }
        return Optional.of(tls);
    }

    private String certificate(Mark at, String path) {
        Node.Mapping files = new Node.Mapping(at);
        files.text(
                path.endsWith("/") || context.surroundings().isDirectory(path)
                        ? "directory"
                        : "pem",
                at,
                path.length() > 1 ? path.replaceAll("/+$", "") : path);
        return context.draft().certificate(Draft.nameOfFile(path), files);
    }

    private List<String> listed(Mark at, String list) {
        Optional<String> text = context.surroundings().read(list);
        if (text.isEmpty()) {
            context.remarks()
                    .left(
                            at,
                            "crt-list %s cannot be read here".formatted(Text.shown(list)),
                            "import on the host that has it, or write its files under certificates");
            return List.of();
        }
        List<String> names = new ArrayList<>();
        text.get()
                .lines()
                .map(String::strip)
                .filter(each -> !each.isEmpty() && !each.startsWith("#"))
                .limit(MOST_CERTIFICATES)
                .forEach(
                        each -> {
                            String[] words = each.split("\\s+", 2);
                            if (words.length > 1) {
                                context.remarks()
                                        .note(
                                                at,
                                                "%s is shown for the names in the certificate; what crt-list says of it besides is left out"
                                                        .formatted(Text.shown(words[0])));
                            }
                            context.certificate(at, words[0])
                                    .ifPresent(path -> names.add(certificate(at, path)));
                        });
        return names;
    }

    private Optional<String> minVersion(Options options) {
        String defaults =
                context.global("ssl-default-bind-options")
                        .map(line -> String.join(" ", line.from(1)))
                        .orElse("");
        String version =
                options.get("ssl-min-ver")
                        .or(
                                () ->
                                        defaults.contains("ssl-min-ver ")
                                                ? Optional.of(
                                                        defaults.replaceAll(
                                                                ".*ssl-min-ver (\\S+).*", "$1"))
                                                : Optional.empty())
                        .orElse("");
        boolean only13 =
                version.equals("TLSv1.3")
                        || options.has("force-tlsv13")
                        || options.has("no-tlsv12")
                        || defaults.contains("force-tlsv13")
                        || defaults.contains("no-tlsv12");
        return only13 ? Optional.of("TLSv1.3") : Optional.empty();
    }

    private Optional<Node.Items> alpn(Mark at, Options options) {
        String given = options.get("alpn").orElse("").toLowerCase(Locale.ROOT);
        if (!http) {
            return given.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Node.Items.texts(at, List.of(given.split(",", -1))));
        }
        List<String> words = new ArrayList<>();
        for (String word : given.split(",", -1)) {
            if (word.equals("h2") || word.equals("http/1.1")) {
                words.add(word);
            }
        }
        if (words.equals(List.of("h2", "http/1.1"))) {
            return Optional.empty();
        }
        // Without alpn HAProxy speaks HTTP/1.1 alone.
        return Optional.of(Node.Items.texts(at, words.isEmpty() ? List.of("http/1.1") : words));
    }

    private Optional<Node.Mapping> client(Mark at, Options options) {
        String verify = options.get("verify").orElse("none");
        Optional<String> ca =
                options.get("ca-verify-file")
                        .or(() -> options.get("ca-file"))
                        .flatMap(file -> context.authority(at, file));
        if (verify.equals("none") || ca.isEmpty()) {
            if (!verify.equals("none")) {
                context.remarks()
                        .left(
                                at,
                                "verify %s without ca-file: clients are let in without a certificate here"
                                        .formatted(Text.shown(verify)),
                                "write tls: {client: {ca: FILE}}");
            }
            return Optional.empty();
        }
        Node.Mapping client = new Node.Mapping(at).text("ca", at, ca.get());
        client.word("require", at, verify.equals("required"));
        options.get("crl-file")
                .flatMap(file -> context.authority(at, file))
                .ifPresent(file -> client.text("crl", at, file));
        if (options.has("ca-ignore-err") || options.has("crt-ignore-err")) {
            context.remarks()
                    .left(
                            at,
                            "errors of a client's certificate are not ignored here",
                            "give those clients a good one");
        }
        return Optional.of(client);
    }
}

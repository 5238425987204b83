package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code tls} of a listener, and what stands under {@code certificates}. */
final class Certificates {
    private Certificates() {}

    /** The name of a certificate with its key; empty where they stand in no files. */
    static Optional<String> of(Context context, Directive chain, Directive key) {
        for (Directive each : List.of(chain, key)) {
            if (each.arg(0).matches("(data|engine|store):.*") || !Variables.isPlain(each.arg(0))) {
                context.remarks()
                        .left(
                                each.at(),
                                "%s is no file".formatted(Text.shown(each.text())),
                                "write chain and key, or a directory, under certificates");
                return Optional.empty();
            }
        }
        Mark at = chain.at();
        String file = context.absolute(chain.arg(0));
        String secret = context.absolute(key.arg(0));
        Node.Mapping files = new Node.Mapping(at);
        if (file.equals(secret)) {
            files.text("pem", at, file);
        } else {
            files.text("chain", at, file).text("key", at, secret);
        }
        return Optional.of(context.draft().certificate(Draft.nameOfFile(file), files));
    }

    /** Empty where there is no certificate to show. */
    static Optional<Node.Mapping> tls(Context context, Sockets.Listener listener, boolean http) {
        Mark at = listener.first();
        Set<String> names = new LinkedHashSet<>();
        List<Scope> servers = new ArrayList<>(List.of(listener.usual()));
        listener.servers().stream()
                .filter(s -> !s.place().equals(listener.usual().place()))
                .forEach(servers::add);
        for (Scope server : servers) {
            List<Directive> chains = server.nearest("ssl_certificate");
            List<Directive> keys = server.nearest("ssl_certificate_key");
            for (int i = 0; i < Math.min(chains.size(), keys.size()); i++) {
                of(context, chains.get(i), keys.get(i)).ifPresent(names::add);
            }
            notes(context, server);
        }
        if (names.isEmpty()) {
            context.remarks()
                    .left(
                            at,
                            "a listener with TLS and no certificate is left out",
                            "write it with tls: {certificates: [NAME]}");
            return Optional.empty();
        }
        Node.Mapping tls = new Node.Mapping(at);
        tls.put("certificates", Node.Items.texts(at, names));
        Set<List<String>> versions = new LinkedHashSet<>();
        for (Scope server : listener.servers()) {
            server.get("ssl_protocols").ifPresent(line -> versions.add(line.args()));
        }
        if (!versions.isEmpty() && versions.stream().allMatch(List.of("TLSv1.3")::equals)) {
            tls.text("min-version", at, "TLSv1.3");
        }
        if (http && !listener.way().http2()) {
            tls.put("alpn", Node.Items.texts(at, List.of("http/1.1")));
        }
        if (listener.usual().isOn("ssl_reject_handshake")) {
            tls.text("unknown-names", at, "reject");
        }
        clients(context, listener).ifPresent(client -> tls.put("client", client));
        return Optional.of(tls);
    }

    private static void notes(Context context, Scope server) {
        server.get("ssl_protocols")
                .filter(line -> line.args().stream().anyMatch(a -> a.matches("SSLv.|TLSv1(\\.1)?")))
                .ifPresent(
                        line ->
                                context.remarks()
                                        .note(line.at(), "TLS before 1.2 is not spoken here"));
        server.get("ssl_session_ticket_key")
                .ifPresent(
                        line ->
                                context.remarks()
                                        .left(
                                                line.at(),
                                                "keys of tickets are not read from %s"
                                                        .formatted(Text.shown(line.arg(0))),
                                                "write tls: {tickets: {rotate: 12h}} and peer: {...}; see docs/tls.md"));
        server.get("ssl_password_file")
                .ifPresent(
                        line ->
                                context.remarks()
                                        .left(
                                                line.at(),
                                                "keys have no passwords here",
                                                "openssl pkey -in KEY -out KEY.plain"));
        server.get("ssl_early_data")
                .filter(line -> line.has("on"))
                .ifPresent(
                        line ->
                                context.remarks()
                                        .note(
                                                line.at(),
                                                "0-RTT is never taken: such clients wait for the handshake"));
    }

    /** Whose certificates are asked for, where all servers of a listener say the same. */
    private static Optional<Node.Mapping> clients(Context context, Sockets.Listener listener) {
        Set<List<String>> all = new LinkedHashSet<>();
        for (Scope server : listener.servers()) {
            all.add(asks(server));
        }
        if (all.size() != 1 || all.contains(List.<String>of())) {
            return Optional.empty();
        }
        Mark at =
                listener.usual()
                        .get("ssl_verify_client")
                        .map(Directive::at)
                        .orElse(listener.first());
        List<String> asked = all.iterator().next();
        Node.Mapping client =
                new Node.Mapping(at)
                        .text("ca", at, context.absolute(asked.get(1)))
                        .word("require", at, asked.get(0).equals("on"));
        if (!asked.get(2).isEmpty()) {
            client.text("crl", at, context.absolute(asked.get(2)));
        }
        return Optional.of(client);
    }

    /** Whether, by which authorities and by which list; nothing where none are asked for. */
    static List<String> asks(Scope server) {
        String verify = server.value("ssl_verify_client").orElse("off");
        return verify.equals("on") || verify.equals("optional")
                ? List.of(
                        verify,
                        server.value("ssl_client_certificate")
                                .or(() -> server.value("ssl_trusted_certificate"))
                                .orElse(""),
                        server.value("ssl_crl").orElse(""))
                : List.of();
    }

    /** Whether a server wants certificates of clients that its listener does not ask for. */
    static Optional<Directive> unasked(Sockets.Listener listener, Scope server) {
        boolean differ =
                listener.servers().stream().anyMatch(other -> !asks(other).equals(asks(server)));
        Optional<Directive> line = server.get("ssl_verify_client");
        if (line.isEmpty() || !listener.way().encrypted()) {
            return Optional.empty();
        }
        boolean noAuthority = !asks(server).isEmpty() && asks(server).get(1).isEmpty();
        return (differ && line.get().arg(0).equals("on")) || noAuthority ? line : Optional.empty();
    }
}

package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Remarks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who listens where: {@code listen} of all servers, turned around. */
final class Sockets {
    /** Any more places are a mistake. */
    private static final int MOST = 2000;

    /**
     * Places where the same servers listen in the same way.
     *
     * @param first the line that speaks of it first
     * @param servers in the order of the file
     * @param usual who gets requests that name none of them
     */
    record Listener(
            Mark first, List<String> endpoints, List<Scope> servers, Scope usual, Way way) {}

    /** How clients speak there. */
    record Way(boolean encrypted, boolean http2, boolean proxied, boolean datagrams) {}

    private static final class Socket {
        private final Mark first;
        private final List<Scope> servers = new ArrayList<>();
        private Optional<Scope> usual = Optional.empty();
        private boolean encrypted;
        private boolean http2;
        private boolean proxied;
        private final boolean datagrams;

        Socket(Mark first, boolean datagrams) {
            this.first = first;
            this.datagrams = datagrams;
        }
    }

    private final Remarks remarks;
    private final Map<String, Socket> sockets = new LinkedHashMap<>();

    private Sockets(Remarks remarks) {
        this.remarks = remarks;
    }

    static List<Listener> of(List<Scope> servers, Remarks remarks) {
        Sockets all = new Sockets(remarks);
        servers.forEach(all::server);
        Map<Object, Listener> listeners = new LinkedHashMap<>();
        all.sockets.forEach(
                (place, socket) -> {
                    Scope usual = socket.usual.orElse(socket.servers.getFirst());
                    Way way =
                            new Way(
                                    socket.encrypted,
                                    socket.http2,
                                    socket.proxied,
                                    socket.datagrams);
                    List<Scope.Place> who = socket.servers.stream().map(Scope::place).toList();
                    listeners
                            .computeIfAbsent(
                                    List.of(who, usual.place(), way),
                                    _ ->
                                            new Listener(
                                                    socket.first,
                                                    new ArrayList<>(),
                                                    socket.servers,
                                                    usual,
                                                    way))
                            .endpoints()
                            .add(place.replaceFirst("^udp ", ""));
                });
        return List.copyOf(listeners.values());
    }

    private void server(Scope server) {
        List<Directive> lines = server.own("listen");
        if (lines.isEmpty()) {
            listen(server, new Directive(server.at(), 0, "listen", List.of("80"), List.of()));
        }
        lines.forEach(line -> listen(server, line));
    }

    private void listen(Scope server, Directive line) {
        Mark at = line.at();
        if (line.has("quic")) {
            remarks.left(
                    at,
                    "HTTP/3 is not spoken here",
                    "clients come by HTTP/2 to the same port of TCP");
            return;
        }
        Optional<List<String>> places = places(line.arg(0));
        if (places.isEmpty() || sockets.size() > MOST) {
            remarks.left(
                    at,
                    "%s is no address and port".formatted(Text.shown(line.arg(0))),
                    "write bind: [\"198.51.100.1:443\"], with the address of this host or 0.0.0.0");
            return;
        }
        List<String> all = new ArrayList<>(places.get());
        if (line.has("ipv6only=off")) {
            places.get().stream()
                    .filter(place -> place.startsWith("[::]:"))
                    .forEach(place -> all.add("0.0.0.0:" + Endpoints.port(place)));
        }
        for (String place : all) {
            boolean datagrams = line.has("udp");
            Socket socket =
                    sockets.computeIfAbsent(
                            (datagrams ? "udp " : "") + place, _ -> new Socket(at, datagrams));
            if (!socket.servers.contains(server)) {
                socket.servers.add(server);
            }
            socket.encrypted |= line.has("ssl") || server.isOn("ssl");
            socket.http2 |= line.has("http2") || server.isOn("http2");
            socket.proxied |= line.has("proxy_protocol");
            if (line.has("default_server") || line.has("default")) {
                socket.usual = Optional.of(server);
            }
        }
    }

    /**
     * {@code 80}, {@code *:80}, {@code [::]:80}, {@code 198.51.100.1}, {@code unix:/run/x.sock}.
     */
    private static Optional<List<String>> places(String text) {
        if (text.startsWith("unix:")) {
            return Endpoints.bind("unix@" + text.substring("unix:".length()));
        }
        String place = text.replaceFirst("^localhost\\b", "127.0.0.1");
        if (Pattern.matches("[0-9]{1,5}(-[0-9]{1,5})?", place)) {
            return Endpoints.bind("*:" + place);
        }
        boolean hasPort = Pattern.matches(".*[^:\\[]:[0-9-]+", place) || place.contains("]:");
        boolean bareSix = place.startsWith("[") && place.endsWith("]");
        return Endpoints.bind(hasPort && !bareSix ? place : place + ":80");
    }
}

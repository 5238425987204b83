package buoy.daemon.explain;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Listener;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The listeners of one protocol, and which of them somebody comes to.
 *
 * @param what they are, for whoever finds none
 */
record Doors<L extends Listener>(List<L> all, String what) {
    /** A listener and the address of it that is asked. */
    record Door<L extends Listener>(L listener, Endpoint at, String why) {}

    /**
     * Where somebody wants to go.
     *
     * @param host without brackets; what a name stands for is not looked up: any address will do
     * @param from the client
     * @param listener the one to ask, where address and port do not tell
     */
    record To(String host, int port, InetAddress from, Optional<String> listener) {
        private Optional<InetAddress> address() {
            try {
                return Optional.of(InetAddress.ofLiteral(host));
            } catch (IllegalArgumentException _) {
                return Optional.empty(); // a name
            }
        }
    }

    static <L extends Listener> Doors<L> of(Config config, Class<L> kind, String what) {
        return new Doors<>(
                config.listeners().values().stream()
                        .filter(kind::isInstance)
                        .map(kind::cast)
                        .toList(),
                what);
    }

    /**
     * The one that is meant.
     *
     * @param how in front of "for HOST:PORT", where there is none
     * @throws IllegalArgumentException if there is none; the message says which there are
     */
    Door<L> find(To to, Predicate<L> suits, String how) {
        if (to.listener().isPresent()) {
            String name = to.listener().get();
            return all.stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .map(each -> new Door<>(each, at(each, to), "as told"))
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            "no listener %s with protocol: %s (there are: %s)"
                                                    .formatted(name, what, said())));
        }
        return all.stream()
                .filter(suits)
                .flatMap(each -> binds(each).map(at -> new Door<>(each, at, "bound to " + at)))
                .filter(each -> leadsTo(each.at(), to))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no listener %s for %s:%d (there are: %s; --listener NAME asks one of them)"
                                                .formatted(how, to.host(), to.port(), said())));
    }

    private static Stream<Endpoint> binds(Listener listener) {
        return listener.bind().stream()
                .filter(Endpoint.class::isInstance)
                .map(Endpoint.class::cast);
    }

    private static boolean leadsTo(Endpoint at, To to) {
        return at.port() == to.port()
                && to.address()
                        .filter(
                                host ->
                                        !at.address().isAnyLocalAddress()
                                                && !at.address().equals(host))
                        .isEmpty();
    }

    private static Endpoint at(Listener listener, To to) {
        return binds(listener).findFirst().orElseGet(() -> new Endpoint(to.from(), to.port()));
    }

    private String said() {
        return all.isEmpty()
                ? "none with protocol: " + what
                : all.stream()
                        .map(
                                each ->
                                        "%s%s at %s"
                                                .formatted(
                                                        each.name(),
                                                        each.tls().isPresent() ? " with TLS" : "",
                                                        each.bind().stream()
                                                                .map(Object::toString)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                " and "))))
                        .collect(Collectors.joining(", "));
    }
}

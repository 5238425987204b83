package buoy.daemon;

import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.lb.Balancer;
import buoy.lb.pool.Duty;
import java.util.Optional;

/**
 * {@code buoy server drain}, {@code ready}, {@code maintenance} and {@code weight}. One at a time,
 * on the control thread.
 */
final class ServerCommands {
    /** As the configuration has it. */
    private static final int MOST_WEIGHT = 256;

    private final Balancer balancer;
    private final Log log;

    ServerCommands(Balancer balancer, Log log) {
        this.balancer = balancer;
        this.log = log;
    }

    /**
     * @param name {@code POOL/SERVER}
     */
    CommandOutcome duty(String name, Duty duty) {
        Optional<Named> named = Named.of(name);
        if (named.isEmpty() || !balancer.order(named.get().pool, named.get().server, duty)) {
            return unknown(name);
        }
        String becomes =
                switch (duty) {
                    case READY -> "takes work again while it is up";
                    case DRAIN -> "takes nothing new; what is under way goes on";
                    case MAINTENANCE ->
                            "is taken out; what is under way may finish within the pool's drain";
                };
        return done(name, becomes);
    }

    /**
     * @param name {@code POOL/SERVER}
     * @param weight as written
     */
    CommandOutcome weight(String name, String weight) {
        int number = weight.matches("[0-9]{1,3}") ? Integer.parseInt(weight) : -1;
        if (number < 0 || number > MOST_WEIGHT) {
            return new CommandOutcome.Refused(
                    "a weight is 0..%d, not %s".formatted(MOST_WEIGHT, weight));
        }
        Optional<Named> named = Named.of(name);
        if (named.isEmpty() || !balancer.order(named.get().pool, named.get().server, number)) {
            return unknown(name);
        }
        return done(name, "has weight %d now".formatted(number));
    }

    private CommandOutcome done(String name, String what) {
        log.info("server", "%s: %s, by command".formatted(name, what), Fields.of("server", name));
        return new CommandOutcome.Done(
                "%s %s (outlives a reload, not a restart)".formatted(name, what));
    }

    private CommandOutcome unknown(String name) {
        return CommandOutcome.Unknown.of(
                "server",
                name,
                balancer.status().pools().stream()
                        .flatMap(
                                pool ->
                                        pool.servers().stream()
                                                .map(server -> pool.name() + "/" + server.name()))
                        .toList());
    }

    private record Named(String pool, String server) {
        static Optional<Named> of(String name) {
            int slash = name.indexOf('/');
            return slash < 0
                    ? Optional.empty()
                    : Optional.of(new Named(name.substring(0, slash), name.substring(slash + 1)));
        }
    }
}

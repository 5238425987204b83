package buoy.daemon;

import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.state.OrderKeeper;
import buoy.lb.Balancer;
import buoy.lb.ServerPlace;
import buoy.lb.pool.Duty;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * {@code buoy server drain}, {@code ready}, {@code maintenance} and {@code weight}. One at a time,
 * on the control thread: no reload takes a server away between its being found and its order.
 */
final class ServerCommands {
    /** As the configuration has it. */
    private static final int MOST_WEIGHT = 256;

    private final Balancer balancer;
    private final OrderKeeper keeper;
    private final Log log;

    ServerCommands(Balancer balancer, OrderKeeper keeper, Log log) {
        this.balancer = balancer;
        this.keeper = keeper;
        this.log = log;
    }

    /**
     * @param servers as {@link ServersMeant#of} has it
     */
    CommandOutcome duty(String servers, Duty duty) {
        return order(
                servers,
                each -> balancer.order(each.pool(), each.name(), duty),
                each ->
                        switch (duty) {
                            case READY -> "takes work again while it is up";
                            case DRAIN ->
                                    "takes nothing new; what is under way goes on" + until(each);
                            case MAINTENANCE ->
                                    "is taken out; what is under way may finish within the pool's drain"
                                            + until(each);
                        });
    }

    private static String until(ServerPlace server) {
        return " (until `buoy server ready %s`)".formatted(server.inFull());
    }

    /**
     * @param servers as {@link ServersMeant#of} has it
     * @param weight as written
     */
    CommandOutcome weight(String servers, String weight) {
        int number = weight.matches("[0-9]{1,3}") ? Integer.parseInt(weight) : -1;
        if (number < 0 || number > MOST_WEIGHT) {
            return new CommandOutcome.Refused(
                    "a weight is 0..%d, not %s".formatted(MOST_WEIGHT, weight));
        }
        return order(
                servers,
                each -> balancer.order(each.pool(), each.name(), number),
                _ -> "has weight %d now".formatted(number));
    }

    /** All of those that are meant, or nothing. */
    private CommandOutcome order(
            String servers, Predicate<ServerPlace> order, Function<ServerPlace, String> becomes) {
        List<ServerPlace> all = balancer.servers();
        List<ServerPlace> meant = ServersMeant.of(servers).among(all);
        if (meant.isEmpty()) {
            return CommandOutcome.Unknown.of(
                    "server", servers, all.stream().map(ServerPlace::inFull).toList());
        }
        for (ServerPlace each : meant) {
            if (!order.test(each)) {
                throw new IllegalStateException(each.inFull() + " went while it was spoken of");
            }
            log.info(
                    "server",
                    "%s: %s, by command".formatted(each.inFull(), becomes.apply(each)),
                    Fields.of("server", each.inFull()));
        }
        return CommandOutcome.ordered(
                meant.stream()
                        .map(each -> each.inFull() + " " + becomes.apply(each))
                        .collect(Collectors.joining("\n")),
                keeper.keep());
    }
}

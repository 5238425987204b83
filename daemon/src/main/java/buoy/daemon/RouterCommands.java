package buoy.daemon;

import buoy.config.model.VirtualRouter;
import buoy.daemon.log.Log;
import buoy.daemon.state.OrderKeeper;
import buoy.vrrp.Resignation;
import buoy.vrrp.RouterStatus;
import buoy.vrrp.core.Priority;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code buoy router resign} and {@code resume}. One at a time, on the control thread. */
final class RouterCommands {
    private final VirtualRouters routers;
    private final Handover handover;
    private final Supplier<Duration> patience;
    private final OrderKeeper keeper;
    private final Log log;

    /**
     * @param patience how long clients may hold a move up, as configured now
     */
    RouterCommands(
            VirtualRouters routers,
            Handover handover,
            Supplier<Duration> patience,
            OrderKeeper keeper,
            Log log) {
        this.routers = routers;
        this.handover = handover;
        this.patience = patience;
        this.keeper = keeper;
        this.log = log;
    }

    CommandOutcome resign(String name) {
        Map<String, VirtualRouter> configured = routers.configured();
        VirtualRouter router = configured.get(name);
        if (router == null) {
            return CommandOutcome.Unknown.of("router", name, configured.keySet());
        }
        if (router.priority() == Priority.OWNER.value()) {
            return new CommandOutcome.Refused(
                    "router %s owns its addresses (priority 255): a peer has them only while this buoy is stopped (use a priority of 1..254 to be able to resign)"
                            .formatted(name));
        }
        Set<String> names = withItsGroup(router, configured);
        log.info("router", "%s: asked to resign".formatted(inWords(names)), Handover.about(names));
        try {
            Resignation outcome = handover.give(names, patience.get());
            // Also where it was declined: another order may have been kept in the meantime.
            Optional<String> unkept = keeper.keep();
            return switch (outcome) {
                case Resignation.Done _ ->
                        CommandOutcome.ordered(
                                "%s resigned: %s (until `buoy router resume %s`)"
                                        .formatted(inWords(names), state(name), name),
                                unkept);
                case Resignation.Declined(var keepers) ->
                        new CommandOutcome.Refused(
                                "nobody took the addresses of router %s: they stay here, and it takes part as before (is a peer running?)"
                                        .formatted(String.join(", ", keepers)));
            };
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new CommandOutcome.Refused("interrupted");
        }
    }

    CommandOutcome resume(String name) {
        Map<String, VirtualRouter> configured = routers.configured();
        VirtualRouter router = configured.get(name);
        if (router == null) {
            return CommandOutcome.Unknown.of("router", name, configured.keySet());
        }
        Set<String> names = withItsGroup(router, configured);
        log.info(
                "router",
                "%s: asked to take part again".formatted(inWords(names)),
                Handover.about(names));
        routers.resume(names);
        return CommandOutcome.ordered(
                "%s takes part again: %s".formatted(inWords(names), state(name)), keeper.keep());
    }

    private static Set<String> withItsGroup(
            VirtualRouter router, Map<String, VirtualRouter> configured) {
        Optional<String> group = router.group();
        return group.isEmpty()
                ? Set.of(router.name())
                : configured.values().stream()
                        .filter(each -> each.group().equals(group))
                        .map(VirtualRouter::name)
                        .collect(Collectors.toSet());
    }

    private static String inWords(Set<String> names) {
        return (names.size() == 1 ? "router " : "routers ")
                + String.join(", ", new TreeSet<>(names));
    }

    private String state(String name) {
        return routers.status().stream()
                .filter(router -> router.name().equals(name))
                .findFirst()
                .map(RouterCommands::state)
                .orElse("stopped");
    }

    private static String state(RouterStatus router) {
        return "%s with priority %d: %s"
                .formatted(
                        router.state().name().toLowerCase(Locale.ROOT),
                        router.effectivePriority(),
                        router.why());
    }
}

package buoy.daemon;

import buoy.config.model.VirtualRouter;
import buoy.daemon.acme.plan.Place;
import buoy.vrrp.RouterState;
import buoy.vrrp.VrrpEvent;
import buoy.vrrp.VrrpObserver;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which host does what only one may do: the one where the first router of the configuration is
 * active, so that hosts with one file agree; this one where there are no routers.
 */
final class Incumbency implements VrrpObserver {
    private final Map<String, RouterState> states = new ConcurrentHashMap<>();

    @Override
    public void on(VrrpEvent event) {
        if (event instanceof VrrpEvent.Transition(var router, _, var to, _, _)) {
            states.put(router, to);
        } else if (event instanceof VrrpEvent.TakenOver(var router, var state, _)) {
            states.put(router, state);
        }
    }

    /**
     * @param routers as configured, in that order
     */
    Place of(Map<String, VirtualRouter> routers) {
        Optional<String> first = routers.keySet().stream().findFirst();
        if (first.isEmpty()) {
            return new Place.Here();
        }
        RouterState state = states.getOrDefault(first.get(), RouterState.INITIALIZE);
        return state == RouterState.ACTIVE
                ? new Place.Here()
                : new Place.Elsewhere(
                        "%s is %s here"
                                .formatted(first.get(), state.name().toLowerCase(Locale.ROOT)));
    }
}

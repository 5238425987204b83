package buoy.lb;

import buoy.lb.pool.Flow;
import java.util.List;

/** What has gone through all of them, in the order of the configuration. */
public record Flows(List<Flow> listeners, List<Flow> pools) {
    public Flows {
        listeners = List.copyOf(listeners);
        pools = List.copyOf(pools);
    }
}

package buoy.vrrp;

import buoy.config.model.FloatingRoute;
import buoy.config.model.FloatingRule;
import buoy.config.model.Prefix;

/** The routes and routing rules of this host. */
public interface RoutingTable {
    /**
     * Adds it. What somebody else made is left as it is.
     *
     * @return false if it is there already, or, of a route, another one to the same destination
     *     with the same metric in the same table
     */
    boolean add(Entry entry) throws KernelRefused;

    /** Removes it. One that is not there, or that somebody else made, is removed already. */
    void remove(Entry entry) throws KernelRefused;

    /** Removes every route and rule that an earlier life of this process left behind. */
    void clear() throws KernelRefused;

    /** One that goes with the addresses; as text, what an operator would call it. */
    sealed interface Entry {
        /**
         * A route.
         *
         * @param interfaceName the link it leaves by
         */
        record Route(FloatingRoute route, String interfaceName) implements Entry {
            @Override
            public String toString() {
                return "route to %s%s dev %s table %d%s"
                        .formatted(
                                route.to().map(Prefix::toString).orElse("default"),
                                route.via().map(via -> " via " + via.getHostAddress()).orElse(""),
                                interfaceName,
                                route.table().number(),
                                route.metric().map(metric -> " metric " + metric).orElse(""));
            }
        }

        /** A rule. */
        record Rule(FloatingRule rule) implements Entry {
            @Override
            public String toString() {
                return "rule from %s to %s table %d priority %d"
                        .formatted(
                                rule.from().map(Prefix::toString).orElse("all"),
                                rule.to().map(Prefix::toString).orElse("all"),
                                rule.table(),
                                rule.priority());
            }
        }
    }
}

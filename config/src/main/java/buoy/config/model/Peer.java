package buoy.config.model;

import java.util.List;

/**
 * {@code peer}: the other Buoy hosts, with which this one shares what only one of them can get.
 *
 * @param bind where they reach this host
 * @param others where this host reaches them; at least one
 * @param key what all of them know and nobody else
 */
public record Peer(Endpoint bind, List<Endpoint> others, Secret key) {
    public Peer {
        others = List.copyOf(others);
    }
}

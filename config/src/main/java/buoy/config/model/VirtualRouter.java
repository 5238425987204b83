package buoy.config.model;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code vrrp.NAME}: one virtual router. In this version all its addresses are of one family.
 *
 * @param interfaceName the link it speaks on; may appear later
 * @param routerId VRID, 1..255
 * @param priority 1..254, or 255 for the owner of the addresses
 * @param advertise the advertisement interval: version 3 in steps of 10 ms, version 2 whole seconds
 * @param preempt whether a better priority takes over from a live active router
 * @param preemptDelay how long a live, lesser active router is tolerated before preemption
 * @param addresses the virtual addresses, in the order advertised; never empty
 * @param lifetime how long the kernel keeps the addresses after this process stopped renewing them;
 *     zero is for ever
 */
public record VirtualRouter(
        String name,
        String interfaceName,
        int routerId,
        int priority,
        Version version,
        Duration advertise,
        boolean preempt,
        Duration preemptDelay,
        List<Prefix> addresses,
        Reach reach,
        Checksum checksum,
        Duration lifetime,
        Announce announce,
        List<Track> tracks) {
    public VirtualRouter {
        addresses = List.copyOf(addresses);
        tracks = List.copyOf(tracks);
    }

    /** The protocol version on the wire. */
    public enum Version {
        V2,
        V3
    }

    /**
     * How version 3 is summed over IPv4 when sent: with the pseudo-header as keepalived does, or as
     * RFC 9568 5.2.8 says.
     */
    public enum Checksum {
        COMPATIBLE,
        RFC9568
    }

    /** How advertisements travel. */
    public sealed interface Reach {
        /** To the group of RFC 9568 5.1: 224.0.0.18 or ff02::12. */
        record Multicast() implements Reach {}

        /**
         * To each peer by its own address.
         *
         * @param sourceAddress our own address; empty means found from the interface
         * @param ttl sent with
         * @param minTtl an advertisement with a lower TTL or hop limit is discarded
         */
        record Unicast(
                List<InetAddress> peers, Optional<InetAddress> sourceAddress, int ttl, int minTtl)
                implements Reach {
            public Unicast {
                peers = List.copyOf(peers);
            }
        }
    }

    /**
     * Gratuitous ARP and unsolicited neighbour advertisements after becoming active.
     *
     * @param repeat how many for each address
     * @param every spacing between repeats
     * @param refresh repeated for as long as active, this far apart; zero is off
     */
    public record Announce(int repeat, Duration every, Duration refresh) {}

    /** What else decides the effective priority. */
    public sealed interface Track {
        /** Fewer servers up than {@code faultBelow}: the last resort, effective priority 1. */
        record PoolFault(String pool, int faultBelow) implements Track {}

        /**
         * Fewer servers up than {@code below}: {@code weight} is added to the priority (clamped to
         * 1..254).
         */
        record PoolWeight(String pool, int below, int weight) implements Track {}
    }
}

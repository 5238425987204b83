package buoy.config.model;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * {@code vrrp.NAME}: one virtual router, or one for each address family where both are used.
 *
 * @param interfaceName the link it speaks on; may appear later
 * @param routerId VRID, 1..255
 * @param priority 1..254, or 255 for the owner of the addresses
 * @param advertise the advertisement interval: version 3 in steps of 10 ms, version 2 whole seconds
 * @param preempt whether a better priority takes over from a live active router
 * @param preemptDelay how long a live, lesser active router is tolerated before preemption
 * @param startDelay from the start of the process until the first election may begin
 * @param addresses the virtual addresses, in the order advertised, of either family or both; never
 *     empty
 * @param extraAddresses floated too, but not advertised; of any family
 * @param routes there while active
 * @param rules there while active
 * @param virtualMac whether it answers from the virtual MAC address of RFC 9568 7.3
 * @param accept Accept_Mode of RFC 9568 6.1: whether one that is not the owner takes packets for
 *     the addresses
 * @param password version 2 alone
 * @param group routers of one group are active together or not at all
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
        Duration startDelay,
        List<Prefix> addresses,
        List<Prefix> extraAddresses,
        List<FloatingRoute> routes,
        List<FloatingRule> rules,
        Reach reach,
        boolean virtualMac,
        boolean accept,
        Checksum checksum,
        Duration lifetime,
        Optional<Password> password,
        Optional<String> group,
        Announce announce,
        List<Track> tracks,
        Notify notifications) {
    public VirtualRouter {
        addresses = List.copyOf(addresses);
        extraAddresses = List.copyOf(extraAddresses);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
        tracks = List.copyOf(tracks);
    }

    /** Every address that moves with it, advertised or not. */
    public List<Prefix> floating() {
        return Stream.concat(addresses.stream(), extraAddresses.stream()).toList();
    }

    /** The same router with other things tracked. */
    public VirtualRouter withTracks(List<Track> others) {
        return new VirtualRouter(
                name,
                interfaceName,
                routerId,
                priority,
                version,
                advertise,
                preempt,
                preemptDelay,
                startDelay,
                addresses,
                extraAddresses,
                routes,
                rules,
                reach,
                virtualMac,
                accept,
                checksum,
                lifetime,
                password,
                group,
                announce,
                others,
                notifications);
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

    /**
     * What else decides the effective priority. A weight is added to the priority (clamped to
     * 1..254) while something is amiss; without one the router is in fault meanwhile.
     */
    public sealed interface Track {
        /** Fewer servers up than {@code faultBelow}: the last resort, effective priority 1. */
        record PoolFault(String pool, int faultBelow) implements Track {}

        /** Fewer servers up than {@code below}. */
        record PoolWeight(String pool, int below, int weight) implements Track {}

        /** A listener that is not bound or not accepting, or whose workers do not move. */
        record ListenerDown(String listener, OptionalInt weight) implements Track {}

        /** Another link that is missing, down or without a carrier. */
        record InterfaceDown(String interfaceName, OptionalInt weight) implements Track {}

        /**
         * A command that does not end with 0.
         *
         * @param command with its arguments; no shell comes between
         * @param every from one start to the next
         * @param timeout then it is killed, which counts as a failure
         * @param fall failures in a row until it counts as down
         * @param rise successes in a row until it counts as up
         * @param user as whom it is run; empty means as this process
         */
        record Script(
                List<String> command,
                Duration every,
                Duration timeout,
                int fall,
                int rise,
                OptionalInt weight,
                Optional<String> user)
                implements Track {
            public Script {
                command = List.copyOf(command);
            }
        }

        /** The number in a file, times {@code weight}, is added to the priority. */
        record NumberInFile(Path file, int weight) implements Track {}

        /** No process of that name. */
        record ProcessGone(String process, OptionalInt weight) implements Track {}
    }
}

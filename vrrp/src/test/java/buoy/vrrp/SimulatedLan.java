package buoy.vrrp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * A LAN in one thread on virtual time: whole speakers' loops with everything below them simulated.
 * Datagrams may be lost, delayed (and so overtake each other) or doubled; hosts cut off from each
 * other, frozen, paused and killed. The same seed gives the same story, and what becomes of one
 * datagram does not depend on any other, so that a story keeps its shape when a part is taken out.
 */
final class SimulatedLan {
    private static final int MOST_TURNS_AT_ONE_INSTANT = 1000;

    /** What is drawn for a datagram, each independent of the others. */
    private static final int LOST = 1;

    private static final int DELAY = 2;
    private static final int DOUBLED = 3;

    final Random random;
    final List<SimulatedHost> hosts = new ArrayList<>();
    private final long seed;
    private final PriorityQueue<Delivery> underway = new PriorityQueue<>();
    private long sequence;
    private long elapsed;
    double loss;

    /** Hosts that no advertisement reaches. */
    final Set<SimulatedHost> deaf = new HashSet<>();

    double doubling;
    Duration longestDelay = Duration.ZERO;

    /** Sees everything. */
    Witness witness = new Witness() {};

    /** Whether hosts keep lists of what they did: off where a hundred thousand stories are told. */
    boolean recording = true;

    /** Somebody who watches a story. */
    interface Witness {
        /** A host's process gives an advertisement to its kernel. */
        default void sends(SimulatedHost host, byte[] message) {}

        /** A host's process reads a datagram. */
        default void reads(SimulatedHost host, Datagram datagram) {}

        /** A host's process says that something happened. */
        default void tells(SimulatedHost host, VrrpEvent event) {}

        /** A host's process has done all it wants to do at present. */
        default void rests(SimulatedHost host) {}
    }

    private record Delivery(long at, long sequence, SimulatedHost to, Datagram datagram)
            implements Comparable<Delivery> {
        @Override
        public int compareTo(Delivery other) {
            return at != other.at
                    ? Long.compare(at, other.at)
                    : Long.compare(sequence, other.sequence);
        }
    }

    SimulatedLan(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    SimulatedHost host(String address) {
        SimulatedHost host = new SimulatedHost(this, hosts.size(), InetAddress.ofLiteral(address));
        hosts.add(host);
        return host;
    }

    /** Nanoseconds since the story began. */
    long elapsed() {
        return elapsed;
    }

    void separate(SimulatedHost host, int segment) {
        host.segment = segment;
    }

    void heal() {
        hosts.forEach(host -> host.segment = 0);
    }

    void transmit(SimulatedHost from, byte[] message, InetAddress source, InetAddress to) {
        long serial = from.sent++;
        for (SimulatedHost host : hosts) {
            if (host != from && !deaf.contains(host) && hear(host, from)) {
                long fate = mixed(mixed(mixed(seed) + from.index) + serial) + host.index;
                if (chance(fate, LOST) >= loss) {
                    Datagram datagram = new Datagram(message, source, to, 255);
                    deliver(host, datagram, fate);
                    if (chance(fate, DOUBLED) < doubling) {
                        deliver(host, datagram, ~fate);
                    }
                }
            }
        }
    }

    /** By broadcast, which arrives even where multicast is filtered. */
    void announce(SimulatedHost from, InetAddress address) {
        for (SimulatedHost host : hosts) {
            if (host != from && hear(host, from)) {
                host.arrive(address, from.address);
            }
        }
    }

    private static boolean hear(SimulatedHost host, SimulatedHost from) {
        return host.segment == from.segment;
    }

    /** Anything at all, from nowhere in particular. */
    void deliver(SimulatedHost to, Datagram datagram) {
        deliver(to, datagram, mixed(seed) + sequence);
    }

    private void deliver(SimulatedHost to, Datagram datagram, long fate) {
        long delay = (long) (longestDelay.toNanos() * chance(fate, DELAY));
        underway.add(new Delivery(elapsed + delay, sequence++, to, datagram));
    }

    /** From 0 to 1, always the same for the same datagram. */
    private static double chance(long fate, int what) {
        return (mixed(fate * 4 + what) >>> 11) * 0x1.0p-53;
    }

    /** The finalizer of SplitMix64: every bit of the result depends on every bit given. */
    private static long mixed(long bits) {
        long z = bits + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    void run(Duration lasting) {
        long end = elapsed + lasting.toNanos();
        int turns = 0;
        long instant = -1;
        while (true) {
            long next = underway.isEmpty() ? Long.MAX_VALUE : underway.peek().at();
            SimulatedHost awake = null;
            for (SimulatedHost host : hosts) {
                long at = host.wakesAt();
                if (at < next) {
                    next = at;
                    awake = host;
                }
            }
            if (next > end) {
                elapsed = end;
                hosts.forEach(SimulatedHost::expireAddresses);
                return;
            }
            elapsed = Math.max(elapsed, next);
            turns = instant == elapsed ? turns + 1 : 0;
            instant = elapsed;
            if (turns > MOST_TURNS_AT_ONE_INSTANT) {
                throw new AssertionError("a host spins at " + Duration.ofNanos(elapsed));
            }
            hosts.forEach(SimulatedHost::expireAddresses);
            if (awake == null) {
                Delivery delivery = underway.remove();
                delivery.to().arrive(delivery.datagram());
            } else {
                awake.turn();
                if (awake.wakesAt() > elapsed) {
                    witness.rests(awake);
                }
            }
        }
    }

    /** Hosts whose router of that name says it is active, frozen and killed ones left out. */
    List<SimulatedHost> actives(String router) {
        return hosts.stream()
                .filter(host -> host.isRunning() && host.state(router) == RouterState.ACTIVE)
                .toList();
    }

    /** Hosts whose kernel has that address. */
    List<SimulatedHost> holders(InetAddress address) {
        return hosts.stream().filter(host -> host.holds(address)).toList();
    }
}

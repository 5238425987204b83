package buoy.vrrp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * A LAN in one thread on virtual time: whole speakers' loops with everything below them simulated.
 * Datagrams may be lost or delayed, hosts cut off from each other, frozen and killed. The same seed
 * gives the same story.
 */
final class SimulatedLan {
    private static final int MOST_TURNS_AT_ONE_INSTANT = 1000;

    /** The clock of every host starts shortly before it wraps. */
    private final long epoch = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

    final Random random;
    final List<SimulatedHost> hosts = new ArrayList<>();
    private final Map<SimulatedHost, Integer> segments = new HashMap<>();
    private final PriorityQueue<Delivery> underway = new PriorityQueue<>();
    private long sequence;
    private long elapsed;
    double loss;

    /** Hosts that no advertisement reaches. */
    final Set<SimulatedHost> deaf = new HashSet<>();

    Duration longestDelay = Duration.ZERO;

    private record Delivery(
            long at, long sequence, SimulatedHost to, Datagram datagram, boolean multicast)
            implements Comparable<Delivery> {
        @Override
        public int compareTo(Delivery other) {
            return at != other.at
                    ? Long.compare(at, other.at)
                    : Long.compare(sequence, other.sequence);
        }
    }

    SimulatedLan(long seed) {
        random = new Random(seed);
    }

    SimulatedHost host(String address) {
        SimulatedHost host = new SimulatedHost(this, InetAddress.ofLiteral(address));
        hosts.add(host);
        return host;
    }

    /** The monotonic clock, the same on every host. */
    long clock() {
        return epoch + elapsed;
    }

    /** Nanoseconds since the story began. */
    long elapsed() {
        return elapsed;
    }

    void separate(SimulatedHost host, int segment) {
        segments.put(host, segment);
    }

    void heal() {
        segments.clear();
    }

    void transmit(SimulatedHost from, byte[] message, InetAddress source, InetAddress to) {
        for (SimulatedHost host : hosts) {
            if (host != from
                    && !deaf.contains(host)
                    && hear(host, from)
                    && random.nextDouble() >= loss) {
                deliver(host, new Datagram(message.clone(), source, to, 255));
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

    private boolean hear(SimulatedHost host, SimulatedHost from) {
        return segments.getOrDefault(host, 0).equals(segments.getOrDefault(from, 0));
    }

    /** Anything at all, from nowhere in particular. */
    void deliver(SimulatedHost to, Datagram datagram) {
        long most = longestDelay.toNanos();
        long delay = most == 0 ? 0 : random.nextLong(most);
        boolean multicast = datagram.destination().isMulticastAddress();
        underway.add(new Delivery(elapsed + delay, sequence++, to, datagram, multicast));
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

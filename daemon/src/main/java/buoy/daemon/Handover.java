package buoy.daemon;

import buoy.daemon.lan.Firewall;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.lb.Balancer;
import buoy.lb.Departure;
import buoy.lb.listen.Presence;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Resignation;
import buoy.vrrp.RouterState;
import buoy.vrrp.RouterStatus;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Hands the addresses of virtual routers to a peer so that no request is lost:
 *
 * <ol>
 *   <li>clients are asked to go: answers say that they are the last of their connection, and a
 *       moment later idle connections are closed;
 *   <li>exchanges under way finish, for a short while; new ones are still served;
 *   <li>new connections are held back: their clients try again after a second;
 *   <li>once nothing is under way, or the time is over, the addresses are offered with priority 0,
 *       and given up when a peer advertises;
 *   <li>what is left is cut ({@link Moves}).
 * </ol>
 *
 * <p>Sessions and tunnels hold nothing up: they end when their peers end them. One call at a time.
 */
final class Handover {
    /** Long enough for clients that ask again and again to be told by an answer. */
    static final Duration TO_TELL = Duration.ofMillis(300);

    /** How long exchanges may hold up the move in all. */
    private static final Duration TO_FINISH = Duration.ofSeconds(2);

    /** Of that, how long new connections may be held back: TCP tries again after a second. */
    private static final Duration HELD_BACK = Duration.ofMillis(500);

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final Duration LOOK_AT_LEAST_EVERY = Duration.ofSeconds(1);
    private static final Duration WORKER_PATIENCE = Duration.ofMillis(200);

    /** Beside the skew time and the interval, which no configuration makes longer. */
    private static final Duration LONGEST_OFFER = Duration.ofSeconds(90);

    private final Balancer balancer;
    private final VirtualRouters routers;
    private final Firewall firewall;
    private final Log log;

    Handover(Balancer balancer, VirtualRouters routers, Firewall firewall, Log log) {
        this.balancer = balancer;
        this.routers = routers;
        this.firewall = firewall;
        this.log = log;
    }

    /**
     * Hands over what these routers have; those that have nothing resign all the same.
     *
     * @param names as configured
     * @param patience how long clients may hold it up, if that is shorter than usual
     */
    Resignation give(Set<String> names, Duration patience) throws InterruptedException {
        if (routers.status().stream().noneMatch(router -> isActive(router, names))) {
            return resign(names);
        }
        Set<InetAddress> addresses = routers.addresses(names);
        String subject = listed(names);
        log.info(
                "handover",
                "%s: clients of %s are asked to go".formatted(subject, inWords(addresses)),
                about(names));
        Departure departure = balancer.departure(addresses::contains);
        try {
            letFinish(departure, addresses, shorter(patience, TO_FINISH), subject);
            return resign(names);
        } finally {
            firewall.letIn();
            departure.end();
        }
    }

    /** The event of a hand-over of these. */
    static Fields about(Set<String> names) {
        return Fields.event(EventKind.HANDOVER).and("routers", listed(names));
    }

    private static String listed(Set<String> names) {
        return String.join(" ", new TreeSet<>(names));
    }

    private static boolean isActive(RouterStatus router, Set<String> names) {
        return router.state() == RouterState.ACTIVE && names.contains(router.name());
    }

    private void letFinish(
            Departure departure, Set<InetAddress> addresses, Duration patience, String subject)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        ask(departure, patience, TO_TELL);
        // Those who come meanwhile are served, and not waited for yet: else there is no end.
        var _ = await(departure, deadline, now -> now.earlier() == 0);
        try {
            firewall.holdBack(addresses);
        } catch (KernelRefused refused) {
            log.warn(
                    "handover",
                    "%s: new connections cannot be held back, and some may fail: %s"
                            .formatted(subject, refused.getMessage()));
        }
        long held = System.nanoTime() + shorter(patience, HELD_BACK).toNanos();
        if (!await(departure, held, now -> now.exchanges() == 0)) {
            log.info(
                    "handover",
                    "%s: exchanges still under way: they go on until the addresses move"
                            .formatted(subject));
        }
    }

    /**
     * Clients are told to go by their next answer; those who do not ask soon are cut off.
     *
     * @param patience how long it may take in all
     * @param idle how soon: until then connections stay on which nothing is asked
     */
    void ask(Departure departure, Duration patience, Duration idle) throws InterruptedException {
        departure.begin();
        long deadline = System.nanoTime() + shorter(patience, idle).toNanos();
        var _ = await(departure, deadline, now -> now.idle() == 0);
        departure.closeIdle();
    }

    /**
     * Those who were there when they were asked to go have gone, as far as exchanges go, and nobody
     * has a session. Others come meanwhile, and go.
     *
     * @param patience how long it may take
     */
    void awaitEarlier(Departure departure, Duration patience) throws InterruptedException {
        var _ =
                await(
                        departure,
                        System.nanoTime() + patience.toNanos(),
                        now -> now.earlier() == 0 && now.sessions() == 0);
    }

    private static boolean await(Departure departure, long deadline, Predicate<Presence> wanted)
            throws InterruptedException {
        Duration pause = LOOK_EVERY;
        while (true) {
            Optional<Presence> now = departure.presence(WORKER_PATIENCE);
            if (now.filter(wanted).isPresent()) {
                return true;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            Thread.sleep(shorter(pause, Duration.ofNanos(left)));
            // What takes long need not be known at once, and looking costs each worker something.
            pause = shorter(pause.multipliedBy(21).dividedBy(20), LOOK_AT_LEAST_EVERY);
        }
    }

    private Resignation resign(Set<String> names) throws InterruptedException {
        try {
            return routers.resign(names).get(LONGEST_OFFER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the VRRP thread does not answer", e);
        }
    }

    private static String inWords(Collection<InetAddress> addresses) {
        return addresses.stream()
                .map(InetAddress::getHostAddress)
                .sorted()
                .collect(Collectors.joining(" "));
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

package buoy.daemon.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the other hosts have said. For one thread. */
final class Others {
    /** An order that takes longer hangs. */
    static final Duration LONGEST_ORDER = Duration.ofMinutes(10);

    /** Hosts of one configuration have the same names; another's are not remembered without end. */
    private static final int MOST_OFFERS = 1000;

    private final Map<String, Offer> offers = new LinkedHashMap<>();
    private final Map<String, Orderer> orderers = new LinkedHashMap<>();

    /** Processes that are not heard any more, and since when. */
    private final Map<String, Instant> gone = new LinkedHashMap<>();

    /**
     * A certificate that another host has.
     *
     * @param text its file
     */
    record Offer(String host, String text) {}

    private record Orderer(String host, Set<String> orders, Instant since) {}

    /** The last offer counts. It is remembered, as a reload may make it welcome. */
    void offered(String name, String host, String text) {
        if (offers.containsKey(name) || offers.size() < MOST_OFFERS) {
            offers.put(name, new Offer(host, text));
        }
    }

    Optional<Offer> offer(String name) {
        return Optional.ofNullable(offers.get(name));
    }

    /** These orders are under way at a process of another host. */
    void orders(String instance, String host, Set<String> orders, Instant now) {
        gone.remove(instance);
        if (orders.isEmpty()) {
            orderers.remove(instance);
        } else {
            orderers.put(instance, new Orderer(host, Set.copyOf(orders), now));
        }
    }

    /** What it ordered may come to nothing; but it may also be only the line to it that broke. */
    void gone(String instance, Instant now) {
        orderers.remove(instance);
        gone.put(instance, now);
    }

    /** Those that have been gone for so long that no CA asks for them; each is said once. */
    Set<String> forgotten(Instant now) {
        Set<String> all = new LinkedHashSet<>();
        gone.forEach(
                (instance, since) -> {
                    if (now.isAfter(since.plus(LONGEST_ORDER))) {
                        all.add(instance);
                    }
                });
        gone.keySet().removeAll(all);
        return all;
    }

    /** The host that orders this certificate at present, if one does. */
    Optional<String> ordering(String name, Instant now) {
        return orderers.values().stream()
                .filter(each -> each.orders().contains(name))
                .filter(each -> now.isBefore(each.since().plus(LONGEST_ORDER)))
                .map(Orderer::host)
                .findFirst();
    }
}

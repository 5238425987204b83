package buoy.lab;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel of a host says about addresses coming and going, from {@code ip monitor}. */
public final class AddressEvents {
    private static final Pattern LINE =
            Pattern.compile(
                    "\\[(\\d{4}-\\d\\d-\\d\\dT[\\d:.]+)\\]\\s*(Deleted )?\\d+: (\\S+)\\s+inet6? (\\S+)/\\d+.*");

    private final Running monitor;
    private final Tail tail;
    private final List<Event> seen = new ArrayList<>();

    /**
     * One message of the kernel.
     *
     * @param gone whether the address was removed; else it was added, or its lifetime renewed
     */
    public record Event(Instant at, boolean gone, String link, String address) {}

    private AddressEvents(Running monitor) {
        this.monitor = monitor;
        this.tail = new Tail(monitor.log());
    }

    /** Listens once this returns. */
    public static AddressEvents on(Host host) {
        // An address on loopback, added until it is seen, proves that the monitor listens.
        AddressEvents events =
                new AddressEvents(
                        host.start(
                                "ip-monitor", "env", "TZ=UTC", "ip", "-ts", "monitor", "address"));
        Await.until(
                Duration.ofSeconds(20),
                "ip monitor on " + host,
                () -> {
                    host.run("ip", "addr", "replace", "203.0.113.254/32", "dev", "lo");
                    return !events.all().isEmpty();
                });
        return events;
    }

    /** All so far. */
    public synchronized List<Event> all() {
        tail.lines().map(AddressEvents::parse).flatMap(Optional::stream).forEach(seen::add);
        return List.copyOf(seen);
    }

    /** When the address was removed for the first time since. */
    public Optional<Instant> goneSince(Instant since, String address) {
        return all().stream()
                .filter(e -> e.gone && e.address.equals(address) && e.at.isAfter(since))
                .map(Event::at)
                .findFirst();
    }

    static Optional<Event> parse(String line) {
        Matcher matcher = LINE.matcher(line.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new Event(
                        LocalDateTime.parse(matcher.group(1)).toInstant(ZoneOffset.UTC),
                        matcher.group(2) != null,
                        matcher.group(3),
                        matcher.group(4)));
    }

    @Override
    public String toString() {
        return monitor + ": " + all();
    }
}

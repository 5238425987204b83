package buoy.daemon.track;

import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Subject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Looks whether listeners accept connections. A listener that refuses some because it has as many
 * as it may is not in trouble: a peer would be overrun in its place.
 */
final class ListenerWatch {
    /** At four looks a second: in trouble after one second of it, well after two without. */
    private static final int FALL = 4;

    private static final int RISE = 8;

    private final Supplier<Map<String, Optional<String>>> accepting;
    private final Supplier<Map<Integer, String>> hungWorkers;
    private final Findings findings;
    private final Map<Subject.Listener, Streak> listeners = new LinkedHashMap<>();
    private final Map<Subject.Listener, String> troubles = new LinkedHashMap<>();

    /**
     * @param accepting every listener there is, with why it does not accept, if so
     */
    ListenerWatch(
            Supplier<Map<String, Optional<String>>> accepting,
            Supplier<Map<Integer, String>> hungWorkers,
            Findings findings) {
        this.accepting = accepting;
        this.hungWorkers = hungWorkers;
        this.findings = findings;
    }

    synchronized void watch(Collection<Subject.Listener> wanted) {
        listeners.keySet().retainAll(wanted);
        wanted.forEach(each -> listeners.putIfAbsent(each, Streak.of(FALL, RISE)));
    }

    /** Looks once. */
    synchronized void look() {
        if (listeners.isEmpty()) {
            return;
        }
        Map<String, Optional<String>> now = accepting.get();
        List<String> hung = hungWorkers.get().values().stream().sorted().toList();
        listeners.replaceAll((listener, streak) -> look(listener, streak, now, hung));
    }

    private Streak look(
            Subject.Listener listener,
            Streak streak,
            Map<String, Optional<String>> now,
            List<String> hung) {
        Optional<String> why = now.getOrDefault(listener.name(), Optional.of("it is not bound"));
        Streak next = streak.after(why.isEmpty());
        why.ifPresent(text -> troubles.put(listener, text));
        String seen = why.orElse("accepts connections");
        if (!hung.isEmpty()) {
            findings.found(trouble(listener, hung.getFirst()), hung.getFirst());
        } else if (next.isGood()) {
            findings.found(new Fact.Good(listener), seen);
        } else {
            String text = troubles.getOrDefault(listener, seen);
            findings.found(trouble(listener, text), seen);
        }
        return next;
    }

    private static Fact trouble(Subject.Listener listener, String why) {
        return new Fact.Trouble(listener, "%s: %s".formatted(listener.inWords(), why));
    }
}

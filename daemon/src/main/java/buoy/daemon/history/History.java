package buoy.daemon.history;

import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.queue.Mailbox;
import buoy.lb.Flows;
import buoy.lb.pool.Flow;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Remembers, in bounded memory, what pictures are drawn of. Thread-safe; hearing what is said in
 * the log never waits.
 */
public final class History implements Log.Listener, AutoCloseable {
    /** Of each kind. */
    static final int MOST_FLOWS = 64;

    /** Of each router and server. */
    static final int MOST_CHANGES = 48;

    /** Routers and servers together; of more, those are forgotten that changed first. */
    static final int MOST_THINGS = 4096;

    private static final int ON_THE_WAY = 4096;

    private final Mailbox<Said> mailbox = new Mailbox<>(ON_THE_WAY);
    private volatile boolean closed;

    // Guarded by this.
    private final Map<String, Course> listeners = new LinkedHashMap<>();
    private final Map<String, Course> pools = new LinkedHashMap<>();
    private final Map<Thing, Deque<Change>> things = new LinkedHashMap<>();
    private long step;

    private record Thing(boolean router, String name) {}

    private record Said(Thing thing, Change change) {}

    @Override
    public void said(String kind, String message, Fields fields) {
        Map<String, Object> values = fields.values();
        if (values.get("from") instanceof String from && values.get("to") instanceof String to) {
            boolean elsewhere = Boolean.TRUE.equals(values.get("other-role"));
            Change change = new Change(Instant.now(), from, elsewhere ? "other-role" : to);
            if (kind.equals(EventKind.ROUTER_STATE.word())) {
                mailbox.offer(
                        new Said(new Thing(true, String.valueOf(values.get("router"))), change));
            } else if (kind.equals(EventKind.SERVER.word())) {
                String name = values.get("pool") + "/" + values.get("server");
                mailbox.offer(new Said(new Thing(false, name), change));
            }
        }
    }

    /** Looks every {@link Past#STEP} until closed. */
    public void begin(Supplier<Flows> flows, Executor executor) {
        executor.execute(
                () -> {
                    while (!closed) {
                        look(flows.get());
                        LockSupport.parkNanos(this, Past.STEP.toNanos());
                    }
                });
    }

    /** A step has gone by. */
    synchronized void look(Flows now) {
        step++;
        look(listeners, now.listeners(), false);
        look(pools, now.pools(), true);
        hear();
    }

    private void look(Map<String, Course> courses, List<Flow> flows, boolean latencies) {
        List<Flow> kept = flows.subList(0, Math.min(flows.size(), MOST_FLOWS));
        courses.keySet().retainAll(kept.stream().map(Flow::name).collect(Collectors.toSet()));
        for (Flow flow : kept) {
            Course course = courses.get(flow.name());
            if (course == null) {
                courses.put(flow.name(), new Course(flow, step, latencies));
            } else {
                course.on(flow, step);
            }
        }
    }

    private void hear() {
        for (Said each : mailbox.take(0)) {
            Deque<Change> changes = things.remove(each.thing());
            if (changes == null) {
                changes = new ArrayDeque<>(2);
            }
            changes.addLast(each.change());
            if (changes.size() > MOST_CHANGES) {
                changes.removeFirst();
            }
            things.put(each.thing(), changes);
        }
        while (things.size() > MOST_THINGS) {
            things.remove(things.keySet().iterator().next());
        }
    }

    public synchronized Past past() {
        hear();
        return new Past(
                listeners.values().stream().map(Course::rate).toList(),
                pools.values().stream().map(Course::rate).toList(),
                changes(true),
                changes(false));
    }

    private Map<String, List<Change>> changes(boolean routers) {
        Map<String, List<Change>> byName = new LinkedHashMap<>();
        things.forEach(
                (thing, changes) -> {
                    if (thing.router() == routers) {
                        byName.put(thing.name(), List.copyOf(changes));
                    }
                });
        return byName;
    }

    @Override
    public void close() {
        closed = true;
    }
}

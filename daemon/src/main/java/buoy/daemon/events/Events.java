package buoy.daemon.events;

import buoy.daemon.admin.Feed;
import buoy.daemon.json.JsonText;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.queue.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The events of this process, the latest of them kept. Thread-safe; publishing never waits. */
public final class Events implements Log.Listener, AutoCloseable {
    /** As many are kept for readers that come late, or again, or are slow. */
    static final int KEPT = 1024;

    /** As many are kept for people, beside them. */
    static final int SHOWN = 20;

    /** The kind of the one event that is no line of the log. */
    public static final String LOST = "lost";

    private static final int ON_THE_WAY = 8192;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Mailbox<Event> mailbox = new Mailbox<>(ON_THE_WAY);
    private final JsonText json = new JsonText();
    private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
    private final Thread thread =
            Thread.ofPlatform().name("buoy-events").daemon().unstarted(this::run);

    /** Tells the numbers of this process from those of the one before it. */
    private final String life;

    // Guards what follows.
    private final Object lock = new Object();
    private final String[] ring = new String[KEPT];
    private final Deque<Said> latest = new ArrayDeque<>(SHOWN);

    /** The number of the next one; the first is 1. */
    private long next = 1;

    /** Guarded by {@link #lock}: there will be no next one. */
    private boolean over;

    private volatile boolean closing;
    private final Runnable onCut;

    private record Event(Instant at, String kind, String message, Fields fields) {}

    private Events(Instant startedAt, Runnable onCut) {
        this.onCut = onCut;
        this.life = Long.toString(startedAt.toEpochMilli(), 36);
    }

    /**
     * Nothing has happened yet.
     *
     * @param onCut run, on the doors' thread, when a reader was sent away because it took nothing
     */
    public static Events start(Instant startedAt, Runnable onCut) {
        Events events = new Events(startedAt, onCut);
        events.thread.start();
        return events;
    }

    @Override
    public void said(String kind, String message, Fields fields) {
        mailbox.offer(new Event(Instant.now(), kind, message, fields));
    }

    private void run() {
        while (!closing) {
            deliver(mailbox.take(Duration.ofSeconds(10).toNanos()));
        }
        deliver(mailbox.take(0));
        synchronized (lock) {
            over = true;
        }
        listeners.forEach(Runnable::run);
    }

    private void deliver(List<Event> events) {
        events.forEach(this::keep);
        long dropped = mailbox.takeDropped();
        if (dropped > 0) {
            Fields fields = Fields.of("reason", "too-many").and("count", dropped);
            keep(new Event(Instant.now(), LOST, "", fields));
        }
        if (!events.isEmpty() || dropped > 0) {
            listeners.forEach(Runnable::run);
        }
    }

    private void keep(Event event) {
        synchronized (lock) {
            ring[(int) (next % KEPT)] = frame(next, event);
            next++;
            if (latest.size() == SHOWN) {
                latest.removeLast();
            }
            latest.addFirst(new Said(event.at(), event.kind(), event.message()));
        }
    }

    /** What happened last, the latest first; {@value #SHOWN} at most. */
    public List<Said> latest() {
        synchronized (lock) {
            return List.copyOf(latest);
        }
    }

    private String frame(long number, Event event) {
        String data =
                json.of(
                        out -> {
                            out.writeStartObject();
                            out.writeStringField("time", event.at().toString());
                            if (!event.message().isEmpty()) {
                                out.writeStringField("message", event.message());
                            }
                            for (Map.Entry<String, Object> field :
                                    event.fields().values().entrySet()) {
                                JsonText.scalar(out, field.getKey(), field.getValue());
                            }
                            out.writeEndObject();
                        });
        return "id: %s-%d\nevent: %s\ndata: %s\n\n".formatted(life, number, event.kind(), data);
    }

    /**
     * A reader, from now on.
     *
     * @param lastEventId what it has read last, where it comes again: then from there on, as far as
     *     is still known
     */
    public Feed reader(Optional<String> lastEventId) {
        synchronized (lock) {
            if (lastEventId.isEmpty()) {
                return new Reader(next, false);
            }
            long seen = number(lastEventId.get());
            boolean ours = seen >= 0 && seen < next;
            return ours ? new Reader(seen + 1, false) : new Reader(oldest(), true);
        }
    }

    /** -1 if it is not one of this process. */
    private long number(String id) {
        String prefix = life + "-";
        try {
            return id.startsWith(prefix) ? Long.parseLong(id.substring(prefix.length())) : -1;
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    private long oldest() {
        return Math.max(1, next - KEPT);
    }

    /** Readers hear what has happened up to now, in a bounded time, and that is their end. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        long deadline = System.nanoTime() + LAST_WORDS.toNanos();
        try {
            thread.join(LAST_WORDS);
            synchronized (lock) {
                for (long left = 1; !listeners.isEmpty() && left > 0; ) {
                    left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    lock.wait(Math.max(left, 1));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Reader implements Feed {
        private long at;
        private boolean stranger;
        private Runnable wake = () -> {};

        Reader(long at, boolean stranger) {
            this.at = at;
            this.stranger = stranger;
        }

        @Override
        public Optional<String> next() {
            synchronized (lock) {
                long lost = oldest() - at;
                if (stranger || lost > 0) {
                    at = Math.max(at, oldest());
                    String data =
                            stranger
                                    ? "{\"reason\":\"restarted\"}"
                                    : "{\"reason\":\"slow-reader\",\"count\":%d}".formatted(lost);
                    stranger = false;
                    return Optional.of(
                            "id: %s-%d\nevent: %s\ndata: %s\n\n"
                                    .formatted(life, at - 1, LOST, data));
                }
                return at < next ? Optional.of(ring[(int) (at++ % KEPT)]) : Optional.empty();
            }
        }

        @Override
        public void begin(Runnable whenMore) {
            wake = whenMore;
            listeners.add(wake);
        }

        @Override
        public boolean over() {
            synchronized (lock) {
                return over && at >= next;
            }
        }

        @Override
        public void end(boolean cut) {
            synchronized (lock) {
                listeners.remove(wake);
                lock.notifyAll();
            }
            if (cut) {
                onCut.run();
            }
        }
    }
}

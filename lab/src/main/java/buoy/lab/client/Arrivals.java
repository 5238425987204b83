package buoy.lab.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens a session again and again, whatever becomes of those before, asks one question in it and
 * closes it. A patient client.
 */
final class Arrivals implements Role {
    /** How long a visitor waits for anything: longer than any failover of the lab takes. */
    static final Duration PATIENCE = Duration.ofSeconds(25);

    static final String QUESTION = "SELECT host(inet_server_addr())";

    /** One session, from its connection to its end. */
    interface Visit {
        Outcome visit() throws InterruptedException;
    }

    /**
     * How a visit ended.
     *
     * @param reason {@link Attempt#OK}, or the failure's kind
     * @param detail the node that answered, or the failure in the client's words
     */
    record Outcome(String reason, String detail) {}

    private final String name;
    private final Visit visit;
    private final Duration every;
    private final Journal journal;
    private volatile boolean stopped;

    Arrivals(String name, Visit visit, Duration every, Journal journal) {
        this.name = name;
        this.every = every;
        this.visit = visit;
        this.journal = journal;
    }

    @Override
    public void run() throws InterruptedException {
        List<Thread> arrived = new ArrayList<>();
        while (!stopped) {
            arrived.add(Thread.ofPlatform().start(this::arrive));
            Thread.sleep(every);
        }
        for (Thread each : arrived) {
            each.join();
        }
    }

    private void arrive() {
        Instant start = Instant.now();
        try {
            Outcome outcome = visit.visit();
            journal.write(name, start, outcome.reason(), outcome.detail());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public String toString() {
        return name;
    }
}

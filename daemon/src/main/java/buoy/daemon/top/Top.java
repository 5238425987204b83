package buoy.daemon.top;

import buoy.daemon.admin.AdminClient;
import buoy.daemon.admin.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Asks again and again, and shows what comes. */
public final class Top {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int MOST_CHANGES = 20;

    private final AdminClient client;
    private final AtomicReference<Runnable> onResize = new AtomicReference<>(() -> {});
    private volatile boolean ended;

    public Top(AdminClient client) {
        this.client = client;
    }

    /**
     * The lines of one picture, which takes two samples.
     *
     * @throws IOException when nobody answers
     */
    public List<String> once() throws IOException {
        Sample before = sample();
        pause();
        return Picture.of(before, sample(), Order.RATE, List.of());
    }

    /**
     * The same for machines.
     *
     * @throws IOException when nobody answers
     */
    public String onceAsJson() throws IOException {
        Sample before = sample();
        pause();
        return RatesJson.of(before, sample());
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep(EVERY.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Draws until {@code q} is pressed or {@link #end} called; the terminal is given back then.
     *
     * @throws IOException when nobody answers at first, or there is no terminal
     */
    public void run() throws IOException {
        Sample before = sample();
        Sample now = before;
        Order order = Order.RATE;
        List<String> changes = new ArrayList<>();
        String trouble = "";
        try (Screen screen = Screen.open()) {
            onResize.set(screen::resized);
            long due = System.nanoTime() + EVERY.toNanos();
            while (!ended) {
                screen.show(Picture.of(before, now, order, changes), said(order, trouble));
                int key = screen.key();
                if (key == 'q' || key == 'Q') {
                    return;
                }
                order = Order.of(key).orElse(order);
                if (System.nanoTime() - due >= 0) {
                    due = System.nanoTime() + EVERY.toNanos();
                    try {
                        Sample next = sample();
                        before = now;
                        now = next;
                        trouble = "";
                        changes.addAll(0, Picture.changes(before, now));
                    } catch (IOException e) {
                        trouble = e.getMessage() + "; ";
                    }
                    while (changes.size() > MOST_CHANGES) {
                        changes.removeLast();
                    }
                }
            }
        }
    }

    private static String said(Order order, String trouble) {
        StringBuilder keys = new StringBuilder(trouble).append("first by ").append(order.title);
        for (Order each : Order.values()) {
            keys.append("  ").append(each.key).append(' ').append(each.title);
        }
        return keys.append("  q quit").toString();
    }

    /** From any thread: {@link #run} returns soon. */
    public void end() {
        ended = true;
    }

    /** From any thread: the terminal has another size. */
    public void resized() {
        onResize.get().run();
    }

    private Sample sample() throws IOException {
        Answer answer = client.ask("GET", "/api/v1/status", Answer.JSON);
        if (answer.status() != 200) {
            throw new IOException("the running buoy says: " + answer.body().strip());
        }
        return Sample.of(answer.body());
    }
}

package buoy.lab.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks URLs every 10 ms, each on its own, and writes down each answer that differs from the one
 * before: what a balancer with an unbounded appetite for health checks would know.
 */
final class Watch implements Role {
    private static final Duration EVERY = Duration.ofMillis(10);
    private static final int PATIENCE_MILLIS = 500;

    private final String name;
    private final List<String> urls;
    private final Journal journal;
    private volatile boolean stopped;

    Watch(String name, List<String> urls, Journal journal) {
        this.name = name;
        this.urls = List.copyOf(urls);
        this.journal = journal;
    }

    @Override
    public void run() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (String url : urls) {
            threads.add(Thread.ofVirtual().start(() -> watch(url)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void watch(String url) {
        String last = "";
        try {
            while (!stopped) {
                Instant start = Instant.now();
                String answer = ask(url);
                if (!answer.equals(last)) {
                    journal.write(name, start, answer.equals("200") ? Attempt.OK : answer, url);
                    last = answer;
                }
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String ask(String url) {
        try {
            Target target = Target.of(url, Optional.empty());
            try (HttpConnection connection =
                    new HttpConnection(target.connect(PATIENCE_MILLIS, PATIENCE_MILLIS))) {
                return Integer.toString(
                        connection.get(target.uri().getAuthority(), target.path()).status());
            }
        } catch (IOException e) {
            return "silent";
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

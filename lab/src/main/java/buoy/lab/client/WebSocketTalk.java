package buoy.lab.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket kept open: it says a line every 50 ms and hears it back. When it breaks, a new one is
 * opened at once.
 */
final class WebSocketTalk implements Role {
    private static final Duration EVERY = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String name;
    private final URI uri;
    private final HttpClient client;
    private final Journal journal;
    private volatile boolean stopped;

    WebSocketTalk(String name, String url, Optional<Path> authority, Journal journal)
            throws IOException {
        this.name = name;
        this.uri = URI.create(url);
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(PATIENCE);
        if (authority.isPresent()) {
            builder.sslContext(Trust.in(authority.get()));
        }
        this.client = builder.build();
        this.journal = journal;
    }

    @Override
    public void run() throws InterruptedException {
        @Nullable Line open = null;
        for (int line = 1; !stopped; line++) {
            Instant start = Instant.now();
            try {
                if (open == null) {
                    open = open();
                    journal.write(name + "-open", start, Attempt.OK, "");
                }
                say(open, "line " + line);
                journal.write(name, start, Attempt.OK, "");
            } catch (ExecutionException | TimeoutException | IOException e) {
                journal.write(name, start, "broken", String.valueOf(e.getMessage()));
                if (open != null) {
                    open.socket.abort();
                    open = null;
                }
            }
            Thread.sleep(EVERY);
        }
        if (open != null) {
            open.socket.abort();
        }
    }

    /** An open WebSocket and what came back on it, not yet looked at. */
    private record Line(WebSocket socket, BlockingQueue<String> heard) {}

    private Line open() throws InterruptedException, ExecutionException, TimeoutException {
        Ear ear = new Ear();
        WebSocket socket =
                client.newWebSocketBuilder()
                        .connectTimeout(PATIENCE)
                        .buildAsync(uri, ear)
                        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return new Line(socket, ear.heard);
    }

    private static void say(Line line, String words)
            throws InterruptedException, ExecutionException, TimeoutException, IOException {
        line.socket.sendText(words, true).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        @Nullable String echo = line.heard.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (echo == null) {
            throw new TimeoutException("no echo");
        }
        if (!echo.equals(words)) {
            throw new IOException("said \"" + words + "\", heard \"" + echo + "\"");
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

    /** Keeps what comes back. */
    private static final class Ear implements WebSocket.Listener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            heard.add("closed " + status + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            heard.add("error " + error.getMessage());
        }
    }
}

package buoy.daemon.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Chromium without a window, told what to do by its DevTools protocol; gone when closed. */
public final class Browser implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, String> answers = new ConcurrentHashMap<>();
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private final WebSocket socket;
    private final String session;

    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    public Browser(Path directory) throws Exception {
        Path said = Files.createTempFile(directory, "browser", ".txt");
        process =
                new ProcessBuilder(
                                PROGRAM.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--hide-scrollbars",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + directory.resolve("profile"),
                                "about:blank")
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        await("the browser to listen", () -> Files.readString(said).contains(LISTENING));
        URI at =
                Files.readString(said)
                        .lines()
                        .filter(line -> line.startsWith(LISTENING))
                        .map(line -> URI.create(line.substring(LISTENING.length()).strip()))
                        .findFirst()
                        .orElseThrow();
        socket = client.newWebSocketBuilder().buildAsync(at, new Ears()).join();
        String target =
                field(ask("", "Target.createTarget", Map.of("url", "about:blank")), "targetId");
        session =
                field(
                        ask(
                                "",
                                "Target.attachToTarget",
                                Map.of("targetId", target, "flatten", true)),
                        "sessionId");
        for (String domain : List.of("Page", "Runtime", "Log")) {
            ask(domain + ".enable", Map.of());
        }
    }

    private final class Ears implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String message = text.toString();
                text.setLength(0);
                if (message.startsWith("{\"id\":")) {
                    answers.put(
                            Integer.parseInt(message.substring(6, message.indexOf(',')).strip()),
                            message);
                } else {
                    events.add(message);
                }
            }
            return WebSocket.Listener.super.onText(from, data, last);
        }
    }

    /** A condition that may fail to be looked at. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Polls until it holds. */
    public static void await(String what, Condition condition) throws Exception {
        for (long since = System.nanoTime(); !condition.holds(); ) {
            if (System.nanoTime() - since > PATIENCE.toNanos()) {
                throw new AssertionError("waited in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** One command for the page; its answer as JSON. */
    public String ask(String method, Map<String, Object> parameters) throws Exception {
        return ask(session, method, parameters);
    }

    private String ask(String inSession, String method, Map<String, Object> parameters)
            throws Exception {
        int number = numbers.incrementAndGet();
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeNumberField("id", number);
            out.writeStringField("method", method);
            if (!inSession.isEmpty()) {
                out.writeStringField("sessionId", inSession);
            }
            out.writeFieldName("params");
            write(out, parameters);
            out.writeEndObject();
        }
        socket.sendText(text.toString(), true).join();
        await("an answer to " + method, () -> answers.containsKey(number));
        String answer = answers.remove(number);
        if (answer.contains("\"error\":{\"code\"")) {
            throw new AssertionError(method + ": " + answer);
        }
        return answer;
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        switch (value) {
            case Map<?, ?> fields -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> each : fields.entrySet()) {
                    out.writeFieldName(String.valueOf(each.getKey()));
                    write(out, each.getValue());
                }
                out.writeEndObject();
            }
            case List<?> items -> {
                out.writeStartArray();
                for (Object each : items) {
                    write(out, each);
                }
                out.writeEndArray();
            }
            case Boolean flag -> out.writeBoolean(flag);
            case Integer whole -> out.writeNumber(whole);
            default -> out.writeString(value.toString());
        }
    }

    /** The first field of this name, wherever it is. */
    private static String field(String json, String name) throws IOException {
        try (JsonParser in = new JsonFactory().createParser(json)) {
            for (JsonToken at = in.nextToken(); at != null; at = in.nextToken()) {
                if (at.isScalarValue() && name.equals(in.currentName())) {
                    return in.getValueAsString("");
                }
            }
        }
        throw new AssertionError("no " + name + " in " + json);
    }

    /** Loads a page, whole. */
    public void open(String url) throws Exception {
        events.clear();
        ask("Page.navigate", Map.of("url", url));
        await("the page to load", () -> saw("Page.loadEventFired"));
    }

    private boolean saw(String method) {
        return events.stream().anyMatch(each -> each.contains("\"" + method + "\""));
    }

    /** What an expression is in the page, as text. */
    public String value(String expression) throws Exception {
        String answer = ask("Runtime.evaluate", Map.of("expression", "String(" + expression + ")"));
        if (answer.contains("\"exceptionDetails\"")) {
            throw new AssertionError(expression + ": " + answer);
        }
        return field(answer, "value");
    }

    /** A key, pressed and let go. */
    public void key(String name) throws Exception {
        int code =
                switch (name) {
                    case "Enter" -> 13;
                    case "Tab" -> 9;
                    default -> 27;
                };
        Map<String, Object> key =
                new HashMap<>(Map.of("key", name, "code", name, "windowsVirtualKeyCode", code));
        if (name.equals("Enter")) {
            key.put("text", "\r");
        }
        for (String type : List.of("keyDown", "keyUp")) {
            key.put("type", type);
            ask("Input.dispatchKeyEvent", key);
            key.remove("text");
        }
    }

    /** Waits until an expression is true in the page. */
    public void awaitTrue(String expression) throws Exception {
        await(expression, () -> value(expression).equals("true"));
    }

    /** What the console was told since the page was opened: violations of its policy as well. */
    public List<String> complaints() {
        List<String> all = new ArrayList<>();
        for (String each : events) {
            if (each.contains("\"Log.entryAdded\"")
                    || each.contains("\"Runtime.exceptionThrown\"")
                    || each.contains("\"Runtime.consoleAPICalled\"")) {
                all.add(each);
            }
        }
        return all;
    }

    /** How the room is lit, and how wide the window is. */
    public void look(String scheme, int width) throws Exception {
        ask(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        ask(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    }

    /** The whole page as a picture, to be looked at by people. */
    public void screenshot(Path file) throws Exception {
        String answer =
                ask(
                        "Page.captureScreenshot",
                        Map.of("format", "png", "captureBeyondViewport", true));
        Files.write(file, Base64.getDecoder().decode(field(answer, "data")));
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }
}

package buoy.lb.http;

import buoy.lb.http.StreamsCaller.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request whatever it came as: HTTP/1.1's octets and HTTP/2's frames become the same. */
record WholeRequest(
        String method,
        String target,
        String authority,
        List<String> fields,
        String content,
        List<String> trailers) {

    /** What the octets of one sound request say. */
    static WholeRequest of(String octets) {
        int end = octets.indexOf("\r\n\r\n");
        String[] lines = octets.substring(0, end).split("\r\n", -1);
        String[] first = lines[0].split(" ", -1);
        String authority = "";
        List<String> fields = new ArrayList<>();
        boolean chunked = false;
        for (int i = 1; i < lines.length; i++) {
            String field = field(lines[i]);
            if (field.startsWith("host: ")) {
                authority = field.substring(6);
            } else if (field.startsWith("transfer-encoding: ")) {
                chunked = true;
            } else if (!field.startsWith("connection: ")) {
                fields.add(field);
            }
        }
        String rest = octets.substring(end + 4);
        StringBuilder content = new StringBuilder();
        List<String> trailers = new ArrayList<>();
        if (chunked) {
            rest = chunks(rest, content);
            rest.lines().filter(line -> !line.isEmpty()).forEach(line -> trailers.add(field(line)));
        } else {
            content.append(rest);
        }
        return new WholeRequest(
                first[0], first[1], authority, fields, content.toString(), trailers);
    }

    private static String field(String line) {
        int colon = line.indexOf(':');
        return line.substring(0, colon).toLowerCase(Locale.ROOT)
                + ": "
                + line.substring(colon + 1).strip();
    }

    /** Returns what stands behind the last one. */
    private static String chunks(String body, StringBuilder content) {
        String rest = body;
        while (true) {
            int line = rest.indexOf("\r\n");
            int size = Integer.parseInt(rest.substring(0, line), 16);
            rest = rest.substring(line + 2);
            if (size == 0) {
                return rest;
            }
            content.append(rest, 0, size);
            rest = rest.substring(size + 2);
        }
    }

    /** Those that came, whole ones under {@code true}. */
    static Map<Boolean, List<WholeRequest>> of(List<Frame> frames) {
        Map<Boolean, List<WholeRequest>> requests =
                new TreeMap<>(Map.of(true, new ArrayList<>(), false, new ArrayList<>()));
        Map<Integer, Building> open = new TreeMap<>();
        for (Frame frame : frames) {
            switch (frame.type()) {
                case StreamsCaller.HEADERS -> {
                    if (frame.fields().startsWith(":")) {
                        // On another connection the same number may have been left open.
                        leave(open.put(frame.stream(), new Building(frame.fields())), requests);
                    } else {
                        of(open.get(frame.stream()))
                                .trailers
                                .addAll(frame.fields().lines().toList());
                    }
                }
                case StreamsCaller.DATA ->
                        of(open.get(frame.stream())).content.append(frame.text());
                default -> {}
            }
            if (frame.ends()
                    && (frame.type() == StreamsCaller.HEADERS
                            || frame.type() == StreamsCaller.DATA)) {
                Objects.requireNonNull(requests.get(true))
                        .add(of(open.remove(frame.stream())).request());
            }
        }
        open.values().forEach(each -> leave(each, requests));
        return requests;
    }

    private static Building of(@Nullable Building known) {
        return Objects.requireNonNull(known, "a frame of no request");
    }

    private static void leave(@Nullable Building left, Map<Boolean, List<WholeRequest>> requests) {
        if (left != null) {
            Objects.requireNonNull(requests.get(false)).add(left.request());
        }
    }

    private static final class Building {
        private final Map<String, String> pseudo = new TreeMap<>();
        private final List<String> fields = new ArrayList<>();
        private final StringBuilder content = new StringBuilder();
        private final List<String> trailers = new ArrayList<>();

        Building(String lines) {
            lines.lines()
                    .forEach(
                            line -> {
                                if (line.startsWith(":")) {
                                    int colon = line.indexOf(": ");
                                    pseudo.put(line.substring(0, colon), line.substring(colon + 2));
                                } else {
                                    fields.add(line);
                                }
                            });
        }

        WholeRequest request() {
            return new WholeRequest(
                    pseudo.getOrDefault(":method", ""),
                    pseudo.getOrDefault(":path", ""),
                    pseudo.getOrDefault(":authority", ""),
                    fields,
                    content.toString(),
                    trailers);
        }
    }

    /** Without the fields that Buoy adds. */
    WholeRequest asSent() {
        return new WholeRequest(
                method,
                target,
                authority,
                fields.stream()
                        .filter(field -> !field.matches("(x-forwarded-[a-z]+|via): .*"))
                        .toList(),
                content,
                trailers);
    }
}

package buoy.daemon.page;

import buoy.daemon.history.Change;
import buoy.daemon.history.Past;
import buoy.daemon.history.Rate;
import buoy.lb.pool.Flow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Drawings as SVG: pure, values in, markup out. What is drawn is in classes that the style colours,
 * and every number is whole, so that little changes from one picture to the next.
 */
final class Charts {
    private static final int WIDTH = 240;
    private static final int HEIGHT = 40;
    private static final int PER_STEP = WIDTH / Past.STEPS;

    private static final int CELL = WIDTH / Past.COLUMNS;
    private static final int LEVELS = 4;

    /** One minute is one unit. */
    static final Duration WINDOW = Duration.ofHours(6);

    private Charts() {}

    /**
     * Requests in each step, the latest at the right; those that failed as a line of their own.
     *
     * @param label what it says, for who does not see it
     */
    static void rate(Rate rate, String label, Html out) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < rate.finished().size(); i++) {
            all.add(rate.finished().get(i) + rate.failed().get(i));
        }
        int most = Math.max(1, all.stream().mapToInt(Integer::intValue).max().orElse(0));
        begin(label, 0, WIDTH, HEIGHT, out);
        if (!all.isEmpty()) {
            String line = line(all, most);
            int start = WIDTH - PER_STEP * all.size();
            // Closed outside of what is seen: the line is not drawn there, the area below it is.
            out.raw(
                    "<path class=\"rate\" d=\"%sh2V%dH%dZ\"/>"
                            .formatted(line, HEIGHT + 2, start == 0 ? -2 : start));
        }
        if (rate.allFailed() > 0) {
            out.raw("<path class=\"failed\" d=\"" + line(rate.failed(), most) + "\"/>");
        }
        out.raw("</svg>");
    }

    /** Steps, as each number is of a span and not of a moment. */
    static String line(List<Integer> numbers, int most) {
        StringBuilder path = new StringBuilder();
        int x = WIDTH - PER_STEP * numbers.size();
        int before = -1;
        for (int number : numbers) {
            int y = HEIGHT - 1 - (int) ((HEIGHT - 2L) * number / most);
            if (before < 0) {
                path.append("M%d %d".formatted(x, y));
            } else if (y != before) {
                path.append("H%dV%d".formatted(x, y));
            }
            before = y;
            x += PER_STEP;
        }
        return path.append("H" + WIDTH).toString();
    }

    /** Time from left to right, latency from below upwards: the more, the stronger. */
    static void heat(Rate rate, String label, Html out) {
        int height = CELL * Flow.BUCKETS;
        begin(label, -30, WIDTH, height, out);
        for (int bucket : List.of(2, 6, 10, 14)) {
            int y = height - CELL * (bucket + 1);
            long millis = Flow.belowMicros(bucket) / 1000;
            out.raw("<path class=\"grid\" d=\"M0 %dH%d\"/>".formatted(y, WIDTH));
            out.raw("<text x=\"-3\" y=\"%d\">".formatted(y + 2));
            out.text(millis < 1000 ? millis + " ms" : millis / 1000 + " s").raw("</text>");
        }
        String[] levels = levels(rate.latencies());
        for (int level = 0; level < LEVELS; level++) {
            if (!levels[level].isEmpty()) {
                out.raw("<path class=\"heat%d\" d=\"%s\"/>".formatted(level + 1, levels[level]));
            }
        }
        out.raw("</svg>");
    }

    /** A path for each strength; its stroke is as wide as a cell is high. */
    static String[] levels(List<List<Integer>> columns) {
        int most = 0;
        for (List<Integer> column : columns) {
            for (int count : column) {
                most = Math.max(most, count);
            }
        }
        StringBuilder[] paths = new StringBuilder[LEVELS];
        String[] done = new String[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            paths[level] = new StringBuilder();
        }
        int left = Past.COLUMNS - columns.size();
        for (int bucket = 0; bucket < Flow.BUCKETS; bucket++) {
            int y = CELL * (Flow.BUCKETS - bucket) - CELL / 2;
            for (int from = 0; from < columns.size(); ) {
                int level = level(columns.get(from).get(bucket), most);
                int to = from + 1;
                while (to < columns.size() && level(columns.get(to).get(bucket), most) == level) {
                    to++;
                }
                if (level > 0) {
                    paths[level - 1].append(
                            "M%d %dh%d".formatted(CELL * (left + from), y, CELL * (to - from)));
                }
                from = to;
            }
        }
        for (int level = 0; level < LEVELS; level++) {
            done[level] = paths[level].toString();
        }
        return done;
    }

    /** By orders of magnitude: rare slow ones must be seen beside many fast ones. */
    private static int level(int count, int most) {
        return count == 0
                ? 0
                : Math.max(1, (int) Math.ceil(LEVELS * Math.log1p(count) / Math.log1p(most)));
    }

    /** States from {@link #WINDOW} ago until now, each from its beginning to the next. */
    static void states(List<Change> changes, Instant now, String label, Html out) {
        int width = (int) WINDOW.toMinutes();
        begin(label, 0, width, 8, " preserveAspectRatio=\"none\"", out);
        Map<String, StringBuilder> paths = new LinkedHashMap<>();
        for (String kind : List.of("good", "calm", "bad")) {
            paths.put(kind, new StringBuilder());
        }
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            boolean last = i + 1 == changes.size();
            int to = last ? width : x(changes.get(i + 1).at(), now);
            // What is now is seen however lately it began: not as a hair at the rounded end.
            int from = Math.min(x(change.at(), now), last ? width - 3 : width);
            String kind = kind(change.to());
            // What is bad is seen however short it was.
            int end = kind.equals("bad") ? Math.max(to, from + 1) : to;
            StringBuilder path = paths.get(kind);
            if (end > from && path != null) {
                path.append("M%d 4H%d".formatted(from, end));
            }
        }
        paths.forEach(
                (kind, path) -> {
                    if (!path.isEmpty()) {
                        out.raw("<path class=\"%s\" d=\"%s\"/>".formatted(kind, path));
                    }
                });
        out.raw("</svg>");
    }

    private static int x(Instant then, Instant now) {
        int width = (int) WINDOW.toMinutes();
        return Math.clamp(width - Duration.between(then, now).toMinutes(), 0, width);
    }

    static String kind(String state) {
        return switch (state) {
            case "active", "up" -> "good";
            case "fault", "down" -> "bad";
            default -> "calm";
        };
    }

    private static void begin(String label, int left, int width, int height, Html out) {
        begin(label, left, width, height, "", out);
    }

    private static void begin(
            String label, int left, int width, int height, String more, Html out) {
        out.raw("<svg viewBox=\"%d 0 %d %d\"".formatted(left, width - left, height));
        out.raw(more + " role=\"img\" aria-label=\"").text(label).raw("\">");
    }
}

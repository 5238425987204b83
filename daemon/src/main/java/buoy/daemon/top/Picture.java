package buoy.daemon.top;

import buoy.daemon.status.TextTable;
import buoy.daemon.top.Sample.Server;
import buoy.daemon.top.Sample.Times;
import buoy.daemon.top.Sample.Work;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is shown at one moment: the later of two samples, and what happened between them. */
final class Picture {
    private static final int MOST_FINDINGS = 4;
    private static final int MOST_REASONS = 8;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Sample before;
    private final Sample now;
    private final double seconds;

    private Picture(Sample before, Sample now) {
        this.before = before;
        this.now = now;
        // A clock that was set back, or the same sample twice: then nothing has a rate.
        this.seconds = Math.max(0, Duration.between(before.at(), now.at()).toNanos() / 1e9);
    }

    /**
     * Its lines, without control characters.
     *
     * @param changes what has happened while it was watched, the latest first
     */
    static List<String> of(Sample before, Sample now, Order order, List<String> changes) {
        StringBuilder out = new StringBuilder();
        new Picture(before, now).draw(out, order, changes);
        return out.toString().lines().map(Picture::harmless).toList();
    }

    /** What is different in the later one, in sentences; what is counted is left out. */
    static List<String> changes(Sample before, Sample now) {
        List<String> changes = new ArrayList<>();
        String clock = CLOCK.format(now.at()) + " ";
        Map<String, Sample.Router> routers = byName(before.routers(), Sample.Router::name);
        for (Sample.Router each : now.routers()) {
            Sample.Router was = routers.get(each.name());
            if (was != null && !was.state().equals(each.state())) {
                changes.add(
                        clock
                                + "router %s: %s, was %s: %s"
                                        .formatted(
                                                each.name(),
                                                each.state(),
                                                was.state(),
                                                each.why()));
            }
        }
        Map<String, Server> servers = byName(before.servers(), Server::path);
        for (Server each : now.servers()) {
            Server was = servers.get(each.path());
            if (was != null && !was.state().equals(each.state())) {
                changes.add(
                        clock
                                + "server %s: %s, was %s: %s"
                                        .formatted(
                                                each.path(),
                                                each.state(),
                                                was.state(),
                                                each.why()));
            }
        }
        if (!before.health().equals(now.health())) {
            changes.add(clock + "health: %s, was %s".formatted(now.health(), before.health()));
        }
        return changes;
    }

    static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
        return all.stream().collect(Collectors.toMap(name, each -> each, (first, _) -> first));
    }

    private void draw(StringBuilder out, Order order, List<String> changes) {
        out.append(
                "buoy %s on %s, up %s, health: %s, connections: %d of %d, %s UTC%n"
                        .formatted(
                                now.version(),
                                now.host(),
                                age((long) now.uptimeSeconds()),
                                now.health(),
                                now.connections(),
                                now.maxConnections(),
                                CLOCK.format(now.at())));
        now.findings().stream()
                .limit(MOST_FINDINGS)
                .forEach(each -> out.append("! ").append(each).append('\n'));
        if (now.findings().size() > MOST_FINDINGS) {
            out.append("! and %d more%n".formatted(now.findings().size() - MOST_FINDINGS));
        }
        routers(out);
        listeners(out, order);
        servers(out, order);
        failures(out);
        if (!changes.isEmpty()) {
            out.append('\n');
            changes.forEach(each -> out.append(each).append('\n'));
        }
    }

    private void routers(StringBuilder out) {
        if (now.routers().isEmpty()) {
            return;
        }
        TextTable table = new TextTable("", "ROUTER", "STATE", "PRIORITY", "FOR", "WHY");
        for (Sample.Router each : now.routers()) {
            table.row(each.name(), each.state(), each.priority(), since(each.since()), each.why());
        }
        append(out, table);
    }

    private String since(String since) {
        try {
            return age(Duration.between(Instant.parse(since), now.at()).toSeconds());
        } catch (java.time.DateTimeException _) {
            return ""; // not said
        }
    }

    private void listeners(StringBuilder out, Order order) {
        Map<String, Sample.Door> then = byName(before.doors(), Sample.Door::name);
        TextTable table =
                new TextTable(
                        "",
                        "LISTENER",
                        "PROTOCOL",
                        "CONNECTIONS",
                        "PER S",
                        "FAILED/S",
                        "BYTES/S",
                        "P50",
                        "P90",
                        "P99",
                        "P99.9");
        now.doors().stream()
                .sorted(
                        by(
                                order,
                                Sample.Door::name,
                                Sample.Door::work,
                                each -> was(then.get(each.name()), Sample.Door::work)))
                .forEach(
                        each ->
                                table.row(
                                        cells(
                                                each.work(),
                                                was(then.get(each.name()), Sample.Door::work),
                                                each.name(),
                                                each.protocol()
                                                        + (each.paused() ? " (paused)" : ""),
                                                each.connections())));
        append(out, table);
    }

    private void servers(StringBuilder out, Order order) {
        Map<String, Server> then = byName(before.servers(), Server::path);
        TextTable table =
                new TextTable(
                        "",
                        "SERVER",
                        "STATE",
                        "ACTIVE",
                        "PER S",
                        "FAILED/S",
                        "BYTES/S",
                        "P50",
                        "P90",
                        "P99",
                        "P99.9",
                        "WHY");
        now.servers().stream()
                .sorted(
                        by(
                                order,
                                Server::path,
                                Server::work,
                                each -> was(then.get(each.path()), Server::work)))
                .forEach(
                        each -> {
                            List<Object> row =
                                    new ArrayList<>(
                                            List.of(
                                                    cells(
                                                            each.work(),
                                                            was(
                                                                    then.get(each.path()),
                                                                    Server::work),
                                                            each.path(),
                                                            each.state(),
                                                            each.active())));
                            row.add(each.why());
                            table.row(row.toArray());
                        });
        append(out, table);
        Map<String, Long> waiting = new TreeMap<>();
        now.servers().stream()
                .filter(each -> each.waiting() > 0)
                .forEach(each -> waiting.put(each.pool(), each.waiting()));
        waiting.forEach(
                (pool, count) -> out.append("%d wait for pool %s%n".formatted(count, pool)));
    }

    private static <T> Work was(
            @org.jspecify.annotations.Nullable T before, Function<T, Work> work) {
        return before == null ? NOTHING : work.apply(before);
    }

    private static final Work NOTHING = new Work(0, 0, Map.of(), 0, new Times(0, 0, 0, 0, 0));

    private Object[] cells(Work work, Work was, Object... first) {
        List<Object> cells = new ArrayList<>(List.of(first));
        cells.add(rate(work.finished() + work.failed() - was.finished() - was.failed()));
        cells.add(rate(work.failed() - was.failed()));
        cells.add(rate(work.bytes() - was.bytes()));
        Times times = work.times();
        for (double each : List.of(times.p50(), times.p90(), times.p99(), times.p999())) {
            cells.add(times.count() == 0 ? "-" : time(each));
        }
        return cells.toArray();
    }

    private <T> Comparator<T> by(
            Order order, Function<T, String> name, Function<T, Work> work, Function<T, Work> was) {
        Comparator<T> byName = Comparator.comparing(name);
        return switch (order) {
            case NAME -> byName;
            case RATE ->
                    Comparator.<T>comparingLong(
                                    each ->
                                            was.apply(each).finished()
                                                    + was.apply(each).failed()
                                                    - work.apply(each).finished()
                                                    - work.apply(each).failed())
                            .thenComparing(byName);
            case FAILURES ->
                    Comparator.<T>comparingLong(
                                    each -> was.apply(each).failed() - work.apply(each).failed())
                            .thenComparing(
                                    Comparator.<T>comparingLong(each -> -work.apply(each).failed()))
                            .thenComparing(byName);
            case LATENCY ->
                    Comparator.<T>comparingDouble(each -> -work.apply(each).times().p99())
                            .thenComparing(byName);
        };
    }

    /** Why exchanges and sessions failed, over all listeners. */
    private void failures(StringBuilder out) {
        Map<String, Long> all = reasons(now);
        if (all.isEmpty()) {
            return;
        }
        Map<String, Long> then = reasons(before);
        TextTable table = new TextTable("", "FAILED BECAUSE", "PER S", "SINCE THE START");
        all.entrySet().stream()
                .sorted(
                        Comparator.<Map.Entry<String, Long>>comparingLong(
                                        each ->
                                                then.getOrDefault(each.getKey(), 0L)
                                                        - each.getValue())
                                .thenComparing(
                                        Map.Entry.<String, Long>comparingByValue().reversed()))
                .limit(MOST_REASONS)
                .forEach(
                        each ->
                                table.row(
                                        each.getKey(),
                                        rate(
                                                each.getValue()
                                                        - then.getOrDefault(each.getKey(), 0L)),
                                        each.getValue()));
        append(out, table);
    }

    private static Map<String, Long> reasons(Sample sample) {
        Map<String, Long> all = new TreeMap<>();
        sample.doors()
                .forEach(
                        door ->
                                door.work()
                                        .failures()
                                        .forEach((why, count) -> all.merge(why, count, Long::sum)));
        return all;
    }

    private static void append(StringBuilder out, TextTable table) {
        out.append('\n');
        table.appendTo(out);
    }

    /** What has come in between; less than nothing is of another process. */
    private String rate(long count) {
        if (seconds == 0 || count <= 0) {
            return "0";
        }
        return number(count / seconds);
    }

    /** Three digits and a unit. */
    static String number(double value) {
        String[] units = {"", "k", "M", "G", "T"};
        double rest = value;
        int unit = 0;
        while (rest >= 999.5 && unit < units.length - 1) {
            rest /= 1000;
            unit++;
        }
        String digits = rest < 9.95 && rest != Math.rint(rest) ? "%.1f" : "%.0f";
        return digits.formatted(rest) + units[unit];
    }

    /** Of seconds. */
    static String time(double seconds) {
        if (seconds < 0.001) {
            return Math.round(seconds * 1e6) + "us";
        }
        return seconds < 1 ? number(seconds * 1000) + "ms" : "%.1fs".formatted(seconds);
    }

    static String age(long seconds) {
        if (seconds < 60) {
            return Math.max(0, seconds) + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m " + seconds % 60 + "s";
        }
        return seconds < 86_400
                ? seconds / 3600 + "h " + seconds % 3600 / 60 + "m"
                : seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
    }

    /** What a server or a program said may be meant for the terminal: it is not passed on. */
    private static String harmless(String line) {
        StringBuilder text = new StringBuilder();
        line.codePoints().forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return Objects.requireNonNull(text.toString());
    }
}

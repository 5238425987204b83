package buoy.daemon.top;

import buoy.daemon.json.JsonTree;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a running Buoy said of itself at one moment. Counts are since its start.
 *
 * @param at its clock
 * @param findings what is amiss, the worst first
 */
record Sample(
        Instant at,
        String host,
        String version,
        double uptimeSeconds,
        String health,
        List<String> findings,
        long connections,
        long maxConnections,
        List<Router> routers,
        List<Door> doors,
        List<Server> servers) {

    /** A virtual router. */
    record Router(String name, String state, long priority, String since, String why) {}

    /**
     * What was done.
     *
     * @param failures by their reasons
     * @param times of answers; of sessions, that it took to connect
     */
    record Work(long finished, long failed, Map<String, Long> failures, long bytes, Times times) {}

    /** Percentiles, in seconds; nothing was measured where the count is 0. */
    record Times(long count, double p50, double p90, double p99, double p999) {}

    /** A listener. */
    record Door(String name, String protocol, boolean paused, long connections, Work work) {}

    /** A server of a pool. */
    record Server(
            String pool,
            String name,
            String state,
            String why,
            long active,
            long waiting,
            Work work) {
        String path() {
            return pool + "/" + name;
        }
    }

    /**
     * Of the answer to {@code GET /api/v1/status}.
     *
     * @throws IOException if it is none
     */
    static Sample of(String json) throws IOException {
        JsonTree status = JsonTree.read(json);
        Instant at;
        try {
            at = Instant.parse(status.text("at"));
        } catch (DateTimeParseException e) {
            throw new IOException("what answers is not the status of a buoy", e);
        }
        return new Sample(
                at,
                status.text("host"),
                status.text("version"),
                status.decimal("uptime-seconds"),
                status.text("health"),
                status.get("findings").items().stream()
                        .map(each -> each.text("subject") + ": " + each.text("text"))
                        .toList(),
                status.number("connections"),
                status.number("max-connections"),
                status.get("routers").items().stream().map(Sample::router).toList(),
                status.get("listeners").items().stream().map(Sample::door).toList(),
                status.get("pools").items().stream()
                        .flatMap(
                                pool ->
                                        pool.get("servers").items().stream()
                                                .map(server -> server(pool, server)))
                        .toList());
    }

    private static Router router(JsonTree it) {
        return new Router(
                it.text("name"),
                it.text("state"),
                it.number("effective-priority"),
                it.text("since"),
                it.text("why"));
    }

    private static Door door(JsonTree it) {
        return new Door(
                it.text("name"),
                it.text("protocol"),
                !it.text("paused-since").isEmpty(),
                it.number("connections"),
                work(it));
    }

    private static Server server(JsonTree pool, JsonTree it) {
        String duty = it.text("duty");
        return new Server(
                pool.text("name"),
                it.text("name"),
                duty.isEmpty() || duty.equals("ready") ? it.text("state") : duty,
                it.get("ejected").text().isEmpty() ? it.text("why") : it.text("ejected"),
                it.number("active"),
                pool.number("waiting"),
                work(it));
    }

    private static Work work(JsonTree it) {
        Map<String, Long> failures = new LinkedHashMap<>();
        JsonTree reasons = it.get("failures");
        reasons.members().keySet().forEach(each -> failures.put(each, reasons.number(each)));
        Times answers = times(it.get("latency"));
        return new Work(
                it.number("finished"),
                it.number("failed"),
                failures,
                it.number("bytes-from-client") + it.number("bytes-to-client"),
                answers.count() > 0 ? answers : times(it.get("connect")));
    }

    private static Times times(JsonTree it) {
        return new Times(
                it.number("count"),
                it.decimal("p50-seconds"),
                it.decimal("p90-seconds"),
                it.decimal("p99-seconds"),
                it.decimal("p99.9-seconds"));
    }
}

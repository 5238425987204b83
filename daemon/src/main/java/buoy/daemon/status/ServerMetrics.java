package buoy.daemon.status;

import buoy.config.model.ServerAddress;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Percentiles;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Standing;
import buoy.lb.pool.Totals;
import buoy.lb.pool.Whereabouts;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Of {@link Metrics} those of each server. There may be ten thousand of them. */
final class ServerMetrics {
    private static final List<Labels> CLASSES =
            IntStream.rangeClosed(1, 5).mapToObj(i -> Labels.of("class", i + "xx")).toList();
    private static final Labels MEDIAN = Labels.of("quantile", "0.5");
    private static final Labels P90 = Labels.of("quantile", "0.9");
    private static final Labels P99 = Labels.of("quantile", "0.99");
    private static final Labels ANY = Labels.of("le", "+Inf");

    private record Each(ServerStatus status, Labels labels) {}

    private final Exposition out;
    private final List<Each> servers;

    ServerMetrics(Exposition out, List<PoolStatus> pools) {
        this.out = out;
        this.servers =
                pools.stream()
                        .flatMap(
                                pool ->
                                        pool.servers().stream()
                                                .map(
                                                        server ->
                                                                new Each(
                                                                        server,
                                                                        Labels.of(
                                                                                "pool",
                                                                                pool.name(),
                                                                                "server",
                                                                                server.name()))))
                        .toList();
    }

    void write() {
        each(
                "gauge",
                "buoy_server_up",
                "1 if the server may take work.",
                server ->
                        server.health().isUp()
                                        && server.ejected().isEmpty()
                                        && server.orders().duty() == Duty.READY
                                ? 1
                                : 0);
        each(
                "gauge",
                "buoy_server_state_since_time_seconds",
                "When the server entered its state, Unix time.",
                server -> server.health().since().toEpochMilli() / 1e3);
        standings();
        resolved();
        each("gauge", "buoy_server_weight", "Weight.", ServerStatus::weight);
        each(
                "gauge",
                "buoy_server_granted_percent",
                "Percentage of its weight that its agent wants.",
                ServerStatus::granted);
        each(
                "gauge",
                "buoy_server_active",
                "Exchanges and sessions in flight.",
                ServerStatus::active);
        each(
                "gauge",
                "buoy_server_max_connections",
                "How many may be in flight at one time; 0 is without a bound.",
                server -> server.most().orElse(0));
        each(
                "counter",
                "buoy_server_finished_total",
                "Exchanges and sessions that ended as they should.",
                server -> server.totals().finished());
        each(
                "counter",
                "buoy_server_retries_total",
                "Tries after the first.",
                server -> server.totals().retries());
        each(
                "counter",
                "buoy_server_from_client_bytes_total",
                "Bytes sent on to the server.",
                server -> server.totals().bytesFromClient());
        each(
                "counter",
                "buoy_server_to_client_bytes_total",
                "Bytes sent on to clients.",
                server -> server.totals().bytesToClient());
        answers();
        failures();
        times(
                "latency",
                "How long the server took to the first byte of its answer.",
                Percentiles.BOUNDS,
                Totals::latency);
        times(
                "connect",
                "How long it took until a new connection to the server was of use, TLS and all.",
                Percentiles.BOUNDS,
                Totals::connects);
        times(
                "session",
                "How long TCP and PostgreSQL sessions with the server lasted.",
                Percentiles.SESSION_BOUNDS,
                Totals::sessions);
    }

    /** Of databases; others have none. */
    private void standings() {
        out.gauge("buoy_server_role", "1 for the role that a database server says it has.");
        eachStanding(
                (standing, labels) ->
                        out.part("", 1, labels, Labels.of("role", Words.of(standing.role()))));
        out.gauge("buoy_server_timeline", "Timeline of a database server.");
        eachStanding(
                (standing, of) -> standing.timeline().ifPresent(value -> out.sample(value, of)));
        out.gauge("buoy_server_lag_bytes", "Write-ahead log that a replica does not show yet.");
        eachStanding((standing, of) -> standing.lag().ifPresent(value -> out.sample(value, of)));
    }

    private void eachStanding(BiConsumer<Standing, Labels> sample) {
        for (Each server : servers) {
            server.status()
                    .standing()
                    .ifPresent(standing -> sample.accept(standing, server.labels()));
        }
    }

    private void resolved() {
        out.gauge(
                "buoy_server_name_resolved",
                "1 if the last look-up of a server's name brought its address.");
        for (Each server : servers) {
            Whereabouts where = server.status().whereabouts();
            if (server.status().address() instanceof ServerAddress.Named) {
                boolean resolved = where.at().isPresent() && where.trouble().isEmpty();
                out.sample(resolved ? 1 : 0, server.labels());
            }
        }
    }

    private void answers() {
        out.counter("buoy_server_answers_total", "Answers of the server by class of status.");
        for (Each server : servers) {
            List<Long> answers = server.status().totals().answers();
            for (int i = 0; i < answers.size(); i++) {
                out.part("", answers.get(i), server.labels(), CLASSES.get(i));
            }
        }
    }

    private void failures() {
        Map<Reason, Labels> reasons = new EnumMap<>(Reason.class);
        Arrays.stream(Reason.values())
                .forEach(reason -> reasons.put(reason, Labels.of("reason", reason.toString())));
        out.counter("buoy_server_failures_total", "Exchanges and sessions that failed, by reason.");
        for (Each server : servers) {
            server.status()
                    .totals()
                    .failures()
                    .forEach(
                            (reason, count) ->
                                    out.part(
                                            "",
                                            count,
                                            server.labels(),
                                            reasons.getOrDefault(reason, Labels.NONE)));
        }
    }

    /**
     * Over the life of the process, and as counts, which can be summed over hosts and told apart by
     * time. A server that has none yet has no lines: most of a large configuration would be these.
     */
    private void times(
            String what, String help, List<Duration> bounds, Function<Totals, Percentiles> which) {
        out.family("buoy_server_" + what + "_seconds", "summary", help);
        eachTimes(
                which,
                (times, labels) -> {
                    out.part("", seconds(times.p50()), labels, MEDIAN);
                    out.part("", seconds(times.p90()), labels, P90);
                    out.part("", seconds(times.p99()), labels, P99);
                });
        List<Labels> steps =
                bounds.stream()
                        .map(bound -> Labels.of("le", Double.toString(seconds(bound))))
                        .toList();
        out.family(
                "buoy_server_" + what + "_histogram_seconds",
                "histogram",
                "The same as counts, for percentiles over any time.");
        eachTimes(
                which,
                (times, labels) -> {
                    for (int i = 0; i < steps.size(); i++) {
                        out.part("_bucket", times.atMost().get(i), labels, steps.get(i));
                    }
                    out.part("_bucket", times.count(), labels, ANY);
                });
    }

    private void eachTimes(
            Function<Totals, Percentiles> which, BiConsumer<Percentiles, Labels> sample) {
        for (Each server : servers) {
            Percentiles times = which.apply(server.status().totals());
            if (times.count() > 0) {
                sample.accept(times, server.labels());
                out.part("_sum", seconds(times.sum()), server.labels(), Labels.NONE);
                out.part("_count", times.count(), server.labels(), Labels.NONE);
            }
        }
    }

    private void each(String type, String name, String help, ToDoubleFunction<ServerStatus> value) {
        out.family(name, type, help);
        for (Each server : servers) {
            out.sample(value.applyAsDouble(server.status()), server.labels());
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}

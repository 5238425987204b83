package buoy.daemon.status;

import buoy.config.model.ServerAddress;
import buoy.daemon.status.Exposition.Line;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Percentiles;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Standing;
import buoy.lb.pool.Totals;
import buoy.lb.pool.Whereabouts;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Of {@link Metrics} those of each server. There may be ten thousand of them. */
final class ServerMetrics {
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
        out.gauge(
                "buoy_server_state_since_time_seconds",
                "When the server entered its state, Unix time.");
        Line since = out.line("");
        for (Each server : servers) {
            long millis = server.status().health().since().toEpochMilli();
            out.sample(since, Duration.ofMillis(millis), server.labels());
        }
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
                        out.sample(out.line("", "role", Words.of(standing.role())), 1, labels));
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
        List<Line> classes =
                IntStream.rangeClosed(1, 5).mapToObj(i -> out.line("", "class", i + "xx")).toList();
        for (Each server : servers) {
            List<Long> answers = server.status().totals().answers();
            for (int i = 0; i < answers.size(); i++) {
                out.sample(classes.get(i), answers.get(i), server.labels());
            }
        }
    }

    private void failures() {
        out.counter("buoy_server_failures_total", "Exchanges and sessions that failed, by reason.");
        Map<Reason, Line> reasons = new EnumMap<>(Reason.class);
        for (Each server : servers) {
            server.status()
                    .totals()
                    .failures()
                    .forEach(
                            (reason, count) ->
                                    out.sample(
                                            reasons.computeIfAbsent(
                                                    reason,
                                                    it -> out.line("", "reason", it.toString())),
                                            count,
                                            server.labels()));
        }
    }

    /**
     * Over the life of the process, and as counts, which can be summed over hosts and told apart by
     * time. A server that has none yet has no lines: most of a large configuration would be these.
     */
    private void times(
            String what, String help, List<Duration> bounds, Function<Totals, Percentiles> which) {
        out.family("buoy_server_" + what + "_seconds", "summary", help);
        Line median = out.line("", "quantile", "0.5");
        Line p90 = out.line("", "quantile", "0.9");
        Line p99 = out.line("", "quantile", "0.99");
        eachTimes(
                which,
                (times, labels) -> {
                    out.sample(median, times.p50(), labels);
                    out.sample(p90, times.p90(), labels);
                    out.sample(p99, times.p99(), labels);
                });
        out.family(
                "buoy_server_" + what + "_histogram_seconds",
                "histogram",
                "The same as counts, for percentiles over any time.");
        List<Line> steps =
                bounds.stream()
                        .map(bound -> out.line("_bucket", "le", Double.toString(seconds(bound))))
                        .toList();
        Line any = out.line("_bucket", "le", "+Inf");
        eachTimes(
                which,
                (times, labels) -> {
                    for (int i = 0; i < steps.size(); i++) {
                        out.sample(steps.get(i), times.atMost().get(i), labels);
                    }
                    out.sample(any, times.count(), labels);
                });
    }

    private void eachTimes(
            Function<Totals, Percentiles> which, BiConsumer<Percentiles, Labels> sample) {
        Line sum = out.line("_sum");
        Line count = out.line("_count");
        for (Each server : servers) {
            Percentiles times = which.apply(server.status().totals());
            if (times.count() > 0) {
                sample.accept(times, server.labels());
                out.sample(sum, times.sum(), server.labels());
                out.sample(count, times.count(), server.labels());
            }
        }
    }

    private void each(String type, String name, String help, ToDoubleFunction<ServerStatus> value) {
        out.family(name, type, help);
        Line line = out.line("");
        for (Each server : servers) {
            out.sample(line, value.applyAsDouble(server.status()), server.labels());
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}

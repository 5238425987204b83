package buoy.daemon.status;

import buoy.daemon.acme.OrderStatus;
import buoy.daemon.peer.PeerStatus;
import buoy.lb.BalancerStatus.ListenerStatus;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.WorkerStatus;
import buoy.lb.journal.Journal;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Totals;
import buoy.vrrp.RouterState;
import buoy.vrrp.RouterStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * {@code /metrics}: the status for Prometheus. docs/operations.md lists every name with its
 * meaning.
 */
public final class Metrics {
    private final Status status;
    private final Exposition out;

    private Metrics(Status status, MetricsFormat format) {
        this.status = status;
        this.out = new Exposition(format);
    }

    /** The text in UTF-8, in parts that follow one another. */
    public static List<byte[]> of(Status status, MetricsFormat format) {
        Metrics metrics = new Metrics(status, format);
        metrics.process();
        metrics.routers();
        metrics.listeners();
        metrics.pools();
        new ServerMetrics(metrics.out, status.balancer().pools()).write();
        return metrics.out.end();
    }

    private void process() {
        out.gauge("buoy_info", "The program; always 1.")
                .sample(1, "version", status.version(), "host", status.host());
        out.gauge("buoy_start_time_seconds", "When this process started, Unix time.")
                .sample(status.startedAt().toEpochMilli() / 1e3);
        out.gauge("buoy_health", "1 for what the verdict of the status is, else 0.");
        Verdict.Health now = Verdict.of(status).health();
        for (Verdict.Health health : Verdict.Health.values()) {
            out.sample(now == health ? 1 : 0, "health", Words.of(health));
        }
        Status.Configuration configuration = status.configuration();
        out.gauge("buoy_configuration_info", "The configuration that runs; always 1.")
                .sample(1, "file", configuration.file(), "hash", configuration.hash());
        out.gauge(
                        "buoy_configuration_loaded_time_seconds",
                        "When the configuration that runs was loaded, Unix time.")
                .sample(configuration.loadedAt().toEpochMilli() / 1e3);
        out.counter("buoy_reloads_total", "Reloads by result.")
                .sample(configuration.reloads().applied(), "result", "applied")
                .sample(configuration.reloads().rejected(), "result", "rejected")
                .sample(configuration.reloads().refused(), "result", "refused");
        out.counter("buoy_log_lines_lost_total", "Log lines dropped because the log was too slow.")
                .sample(status.lostLogLines());
        out.counter("buoy_access_log_lines_total", "Lines of access logs by what became of them.");
        for (Journal.State log : status.balancer().accessLogs()) {
            out.sample(log.written(), "to", log.to(), "result", "written");
            out.sample(log.lost(), "to", log.to(), "result", "lost");
        }
        out.gauge("buoy_connections", "Client connections open now, over all listeners.")
                .sample(status.balancer().connections());
        out.gauge("buoy_max_connections", "The bound of buoy_connections.")
                .sample(status.balancer().maxConnections());
        out.gauge(
                        "buoy_buffered_bytes",
                        "What waits to be sent, nearly all of it to who takes it slowly.")
                .sample(status.balancer().buffered());
        out.gauge("buoy_max_buffered_bytes", "The bound of buoy_buffered_bytes.")
                .sample(status.balancer().maxBuffered());
        out.gauge(
                        "buoy_real_time_in_force",
                        "1 if the kernel does what process.real-time asks for.")
                .sample(inForce(status.realTime().scheduling()), "what", "scheduling")
                .sample(inForce(status.realTime().memory()), "what", "memory");
        out.gauge("buoy_worker_tick_age_seconds", "How long ago a worker last moved.");
        for (WorkerStatus worker : status.balancer().workers()) {
            out.sample(seconds(worker.sinceTick()), "worker", String.valueOf(worker.index()));
        }
        out.gauge(
                "buoy_certificate_not_after_time_seconds",
                "When a certificate's chain ends, Unix time.");
        for (Status.CertificateStatus each : status.certificates()) {
            out.sample(each.notAfter().getEpochSecond(), "certificate", each.name());
        }
        out.counter("buoy_acme_orders_total", "Certificates ordered by this host, by result.");
        for (OrderStatus each : status.orders()) {
            out.sample(each.issued(), "certificate", each.name(), "result", "issued");
            out.sample(each.failed(), "certificate", each.name(), "result", "failed");
        }
        out.gauge("buoy_peer_connected", "1 if another Buoy host is told what there is.");
        for (PeerStatus each : status.peers()) {
            out.sample(each.connected() ? 1 : 0, "peer", each.address());
        }
        out.counter("buoy_peer_messages_sent_total", "Messages to another Buoy host.");
        for (PeerStatus each : status.peers()) {
            out.sample(each.told(), "peer", each.address());
        }
        out.gauge(
                "buoy_acme_next_time_seconds",
                "When a certificate is renewed, or ordered again after a failure, Unix time.");
        for (OrderStatus each : status.orders()) {
            each.next()
                    .ifPresent(
                            then -> out.sample(then.getEpochSecond(), "certificate", each.name()));
        }
    }

    private static long inForce(RealTimeStatus.Favour favour) {
        return favour instanceof RealTimeStatus.InForce ? 1 : 0;
    }

    private void routers() {
        out.gauge("buoy_router_state", "1 for the state a virtual router is in, else 0.");
        for (RouterStatus router : status.routers()) {
            for (RouterState state : RouterState.values()) {
                out.sample(
                        router.state() == state ? 1 : 0,
                        "router",
                        router.name(),
                        "state",
                        Words.of(state));
            }
        }
        eachRouter(
                "gauge",
                "buoy_router_state_since_time_seconds",
                "When the router entered its state, Unix time.",
                router -> router.since().toEpochMilli() / 1e3);
        eachRouter(
                "gauge", "buoy_router_priority", "Priority as configured.", RouterStatus::priority);
        eachRouter(
                "gauge",
                "buoy_router_effective_priority",
                "Priority with tracking: what is advertised.",
                RouterStatus::effectivePriority);
        eachRouter(
                "counter",
                "buoy_router_transitions_total",
                "Changes of state.",
                RouterStatus::transitions);
        eachRouter(
                "counter",
                "buoy_router_advertisements_sent_total",
                "Advertisements sent.",
                RouterStatus::sent);
        eachRouter(
                "counter",
                "buoy_router_advertisements_received_total",
                "Advertisements accepted.",
                RouterStatus::received);
        eachRouter(
                "counter",
                "buoy_router_announcements_total",
                "Gratuitous ARP and unsolicited neighbour advertisements sent.",
                RouterStatus::announcements);
        eachRouter(
                "gauge",
                "buoy_router_addresses",
                "Virtual addresses configured.",
                router -> router.addresses().size());
        eachRouter(
                "gauge",
                "buoy_router_addresses_held",
                "Virtual addresses this host has now.",
                router -> router.addresses().stream().filter(each -> each.held()).count());
        kinds(
                "buoy_router_discarded_total",
                "Messages not accepted, by kind.",
                RouterStatus::discarded);
        kinds(
                "buoy_router_odd_total",
                "Messages accepted that differ from this host's settings, by kind.",
                RouterStatus::odd);
        out.gauge(
                "buoy_router_warning",
                "1 for what is amiss on the router's network, by kind, for a minute after it was"
                        + " seen last.");
        for (RouterStatus router : status.routers()) {
            for (RouterStatus.Warning warning : router.warnings()) {
                out.sample(1, "router", router.name(), "kind", warning.kind());
            }
        }
        eachRouter(
                "counter",
                "buoy_router_for_others_total",
                "Messages of other virtual routers seen on the same link.",
                RouterStatus::forOthers);
    }

    private void kinds(String name, String help, Function<RouterStatus, Map<String, Long>> counts) {
        out.counter(name, help);
        for (RouterStatus router : status.routers()) {
            for (Map.Entry<String, Long> each : counts.apply(router).entrySet()) {
                out.sample(each.getValue(), "router", router.name(), "kind", each.getKey());
            }
        }
    }

    private void eachRouter(
            String type, String name, String help, ToDoubleFunction<RouterStatus> value) {
        out.family(name, type, help);
        for (RouterStatus router : status.routers()) {
            out.sample(value.applyAsDouble(router), "router", router.name());
        }
    }

    private void listeners() {
        eachListener(
                "gauge",
                "buoy_listener_paused",
                "Whether nobody new is let in because of a command.",
                listener -> listener.paused().isPresent() ? 1 : 0);
        eachListener(
                "gauge",
                "buoy_listener_connections",
                "Client connections open now.",
                ListenerStatus::connections);
        eachListener(
                "counter",
                "buoy_listener_finished_total",
                "Exchanges and sessions that ended as they should.",
                listener -> listener.totals().finished());
        failures(
                "buoy_listener_failures_total",
                "Exchanges and sessions that failed, by reason.",
                ListenerStatus::totals);
        eachListener(
                "counter",
                "buoy_listener_mirrored_total",
                "Copies of requests that were answered, whatever the answer.",
                listener -> listener.mirrored().finished());
        failures(
                "buoy_listener_mirror_failures_total",
                "Copies of requests that came to nothing, by reason.",
                ListenerStatus::mirrored);
    }

    private void failures(String name, String help, Function<ListenerStatus, Totals> of) {
        out.counter(name, help);
        for (ListenerStatus listener : status.balancer().listeners()) {
            for (Map.Entry<Reason, Long> each : of.apply(listener).failures().entrySet()) {
                out.sample(
                        each.getValue(),
                        "listener",
                        listener.name(),
                        "reason",
                        each.getKey().toString());
            }
        }
    }

    private void eachListener(
            String type, String name, String help, ToDoubleFunction<ListenerStatus> value) {
        out.family(name, type, help);
        for (ListenerStatus listener : status.balancer().listeners()) {
            out.sample(value.applyAsDouble(listener), "listener", listener.name());
        }
    }

    private void pools() {
        out.gauge("buoy_pool_servers", "Servers configured in a pool.");
        for (PoolStatus pool : status.balancer().pools()) {
            out.sample(pool.servers().size(), "pool", pool.name());
        }
        out.gauge("buoy_pool_servers_up", "Servers of a pool that may take work.");
        for (PoolStatus pool : status.balancer().pools()) {
            out.sample(pool.serversUp(), "pool", pool.name());
        }
        out.gauge("buoy_pool_waiting", "Exchanges and sessions that wait for a server of a pool.");
        for (PoolStatus pool : status.balancer().pools()) {
            out.sample(pool.waiting(), "pool", pool.name());
        }
        out.gauge(
                "buoy_pool_paused",
                "Whether new exchanges and sessions wait because of a command.");
        for (PoolStatus pool : status.balancer().pools()) {
            out.sample(pool.paused().isPresent() ? 1 : 0, "pool", pool.name());
        }
        out.gauge(
                "buoy_pool_troubles",
                "What is wrong with a pool as a whole, such as two primaries.");
        for (PoolStatus pool : status.balancer().pools()) {
            out.sample(pool.troubles().size(), "pool", pool.name());
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}

package buoy.daemon;

import buoy.config.model.Certificate;
import buoy.config.model.Config;
import buoy.config.model.Health;
import buoy.config.model.Listener;
import buoy.config.model.Peer;
import buoy.config.model.Pool;
import buoy.config.model.PoolTls;
import buoy.daemon.acme.Orders;
import buoy.lb.pool.Protection;
import buoy.tls.CertificateEvent;
import buoy.tls.Certificates;
import buoy.tls.ClientTls;
import buoy.tls.Finding;
import buoy.tls.Loading;
import buoy.tls.ServerTls;
import buoy.tls.Stapling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * Everything that speaks TLS, with the files that the configuration names for it.
 *
 * @param certificates that listeners show
 * @param listeners by name, those that have it
 * @param pools by name, those that have it
 * @param ordered the certificates that Buoy orders by itself
 */
record LoadedTls(
        Certificates certificates,
        Map<String, ServerTls> listeners,
        Map<String, Protection> pools,
        List<Orders.Wanted> ordered) {
    LoadedTls {
        listeners = Collections.unmodifiableMap(new LinkedHashMap<>(listeners));
        pools = Map.copyOf(pools);
        ordered = List.copyOf(ordered);
    }

    /**
     * What came of reading.
     *
     * @param tls of use only without problems
     * @param problems each once, though a file may be used in several places
     */
    record Read(LoadedTls tls, Set<Finding> problems, Set<Finding> warnings) {}

    /**
     * @param before what runs
     */
    static Read read(Config config, Instant now, Optional<LoadedTls> before) {
        Certificates certificates =
                Certificates.read(
                        config.certificates(),
                        config.listeners().values().stream()
                                .flatMap(listener -> listener.tls().stream())
                                .flatMap(tls -> tls.certificates().stream())
                                .distinct()
                                .toList(),
                        now,
                        before.map(LoadedTls::certificates));
        Reader reader = new Reader(config, now, certificates, before);
        Map<String, ServerTls> listeners = new LinkedHashMap<>();
        for (Listener each : config.listeners().values()) {
            reader.listener(each).ifPresent(tls -> listeners.put(each.name(), tls));
        }
        Map<String, Protection> pools = new LinkedHashMap<>();
        config.pools().forEach((name, pool) -> pools.put(name, reader.pool(pool)));
        List<Orders.Wanted> ordered = new ArrayList<>();
        for (Certificate each : config.certificates().values()) {
            if (each instanceof Certificate.Acme acme) {
                reader.trusting(acme)
                        .ifPresent(trust -> ordered.add(new Orders.Wanted(acme, trust)));
            }
        }
        return new Read(
                new LoadedTls(certificates, listeners, pools, ordered),
                reader.problems,
                reader.warnings);
    }

    /**
     * Reads the files that changed since they were looked at last, and shows what they hold. Blocks
     * on the disk; by one thread at a time.
     *
     * @param stapling fetches what goes with it
     */
    List<CertificateEvent> look(Instant now, Stapling stapling) {
        List<CertificateEvent> news = new ArrayList<>(certificates.look(now));
        boolean changed = !news.isEmpty();
        listeners.values().forEach(each -> news.addAll(each.look(now, changed)));
        news.addAll(stapling.look(listeners.values(), now));
        return news;
    }

    private static final class Reader {
        private final Config config;
        private final Instant now;
        private final Certificates certificates;
        private final Optional<LoadedTls> before;
        private final Set<Finding> problems = new LinkedHashSet<>();
        private final Set<Finding> warnings = new LinkedHashSet<>();

        Reader(Config config, Instant now, Certificates certificates, Optional<LoadedTls> before) {
            this.config = config;
            this.now = now;
            this.certificates = certificates;
            this.before = before;
            problems.addAll(certificates.problems());
            warnings.addAll(certificates.warnings());
        }

        Optional<ServerTls> listener(Listener listener) {
            if (listener.tls().isEmpty() || !certificates.problems().isEmpty()) {
                return Optional.empty();
            }
            String name = listener.name();
            return found(
                    ServerTls.load(
                            "listeners." + name + ".tls",
                            listener.tls().get(),
                            certificates,
                            config.peer().map(Peer::key),
                            now,
                            before.map(was -> was.listeners().get(name))));
        }

        Protection pool(Pool pool) {
            String path = "pools." + pool.name();
            Optional<ClientTls> work = pool.tls().flatMap(tls -> servers(path + ".tls", tls));
            Optional<ClientTls> checks =
                    switch (pool.health().map(Health::probe).orElse(new Health.Probe.Tcp())) {
                        case Health.Probe.Patroni patroni ->
                                patroni.tls()
                                        .flatMap(tls -> servers(path + ".health.patroni.tls", tls));
                        case Health.Probe.Http _, Health.Probe.Grpc _, Health.Probe.Postgres _ ->
                                work;
                        case Health.Probe.Tcp _, Health.Probe.Agent _, Health.Probe.External _ ->
                                Optional.empty();
                    };
            return new Protection(work, checks);
        }

        private Optional<ClientTls> servers(String path, PoolTls settings) {
            return found(ClientTls.load(path, settings, config.certificates(), now));
        }

        Optional<SSLContext> trusting(Certificate.Acme acme) {
            return found(
                    ClientTls.trusting("certificates." + acme.name() + ".acme", acme.ca(), now));
        }

        private <T> Optional<T> found(Loading<T> loading) {
            return switch (loading) {
                case Loading.Ready<T>(var ready, var findings) -> {
                    warnings.addAll(findings);
                    yield Optional.of(ready);
                }
                case Loading.Refused<T>(var findings) -> {
                    problems.addAll(findings);
                    yield Optional.empty();
                }
            };
        }
    }
}

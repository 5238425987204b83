package buoy.lb.http;

import buoy.config.model.Endpoint;
import buoy.config.model.Listener;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.Hold;
import buoy.config.model.Pool.OnDown;
import buoy.config.model.Pool.Retries;
import buoy.config.model.Pool.Timeouts;
import buoy.config.model.Pool.When;
import buoy.config.model.ProcessSettings;
import buoy.lb.journal.Journals;
import buoy.lb.kit.Silence;
import buoy.lb.listen.Leaving;
import buoy.lb.listen.Listening;
import buoy.lb.listen.Owner;
import buoy.lb.listen.Places;
import buoy.lb.pool.Pool;
import buoy.lb.worker.Workers;
import buoy.tls.Challenges;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The HTTP path alone, for measurements: {@code ProxyMain PORT SERVER-PORT...}, one worker. */
final class ProxyMain {
    private ProxyMain() {}

    public static void main(String[] args) throws Exception {
        io.netty.util.ResourceLeakDetector.setLevel(
                io.netty.util.ResourceLeakDetector.Level.DISABLED);
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        Workers workers =
                Workers.start(
                        new ProcessSettings(
                                OptionalInt.of(1),
                                ProcessSettings.Transport.AUTO,
                                Duration.ofSeconds(1),
                                OptionalInt.empty(),
                                Path.of("/nonexistent/state"),
                                false));
        List<buoy.config.model.Pool.Server> servers = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            servers.add(
                    new buoy.config.model.Pool.Server(
                            "s" + i, new Endpoint(loopback, Integer.parseInt(args[i])), 1));
        }
        Pool pool =
                new Pool(
                        new buoy.config.model.Pool(
                                "app",
                                new Balance.RoundRobin(),
                                servers,
                                Optional.empty(),
                                new Retries(2, When.CONNECT, Set.of("GET", "HEAD", "OPTIONS"), 20),
                                new Timeouts(
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(60),
                                        Duration.ofSeconds(60)),
                                Duration.ofSeconds(1),
                                OnDown.KEEP_SESSIONS,
                                Hold.OFF,
                                Optional.empty(),
                                Duration.ZERO,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        1);
        Listener.Http config =
                new Listener.Http(
                        "http",
                        List.of(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        List.of(),
                        new Listener.HttpTimeouts(
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(60),
                                Duration.ofHours(1)),
                        new Listener.HttpLimits(16 * 1024, 100, OptionalLong.empty()),
                        Listener.Headers.NONE,
                        List.of(
                                new Listener.Route(
                                        Listener.Match.ANY, new Listener.Action.ToPool("app"))));
        Listening listening =
                new Listening(
                        "http",
                        1,
                        100_000,
                        new Places(100_000),
                        new Leaving(),
                        new Http(1, new Journals(1, Silence.TOLD), new Challenges())
                                .front(config, Map.of("app", pool), null),
                        Optional.empty(),
                        Listener.Admission.ANY);
        new Owner(listening)
                .bind(
                        workers.get(0),
                        new InetSocketAddress(loopback, Integer.parseInt(args[0])),
                        true)
                .sync();
        System.out.println("serving on " + args[0]);
        Thread.currentThread().join();
    }
}

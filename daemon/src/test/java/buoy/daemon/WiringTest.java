package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.LogSettings;
import buoy.daemon.admin.AdminClient;
import buoy.daemon.admin.Answer;
import buoy.daemon.lan.Firewall;
import buoy.daemon.log.Log;
import buoy.linux.Kernel;
import buoy.vrrp.AddressTable;
import buoy.vrrp.AdvertisementChannel;
import buoy.vrrp.AdvertisementSender;
import buoy.vrrp.Datagram;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Lan;
import buoy.vrrp.Links;
import buoy.vrrp.Links.Link;
import buoy.vrrp.Neighbours;
import buoy.vrrp.Ports;
import buoy.vrrp.RoutingTable;
import buoy.vrrp.VirtualMacs;
import buoy.vrrp.Waiter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What depends on VRRP without a kernel that allows it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WiringTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Log log =
            Log.open(
                    new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT),
                    new PrintStream(written, true, StandardCharsets.UTF_8));
    private Site site;
    private LoadedConfig config;

    private LoadedConfig withoutRouters;
    private final ToldFirewall firewall = new ToldFirewall();

    @BeforeEach
    void configure() throws Exception {
        site = new Site(directory);
        withoutRouters = read();
        // Slow enough that a busy machine's delay is not a silence in which a peer took over.
        Files.writeString(
                site.config,
                """
                vrrp:
                  web: {interface: eth9, router-id: 51, advertise: 500ms, addresses: [198.51.100.100/24], accept: false}
                """,
                StandardOpenOption.APPEND);
        config = read();
    }

    private LoadedConfig read() {
        return ((LoadedConfig.Outcome.Good) LoadedConfig.read(site.config, Instant.now())).loaded();
    }

    @AfterEach
    void close() {
        site.close();
        log.close();
    }

    private Daemon start(VirtualRouters.Kernel kernel) throws StartRefused {
        return start(config, kernel);
    }

    private Daemon start(LoadedConfig with, VirtualRouters.Kernel kernel) throws StartRefused {
        return Wiring.start(
                with,
                Kernel.load(),
                kernel,
                firewall,
                log,
                ServiceManager.of(Map.of(), log),
                "lb1",
                Instant.now(),
                TakenOver.nothing());
    }

    @Test
    void withoutPrivilegeNothingRunsAndTheReasonIsSaid() {
        assertThatThrownBy(
                        () ->
                                start(
                                        () -> {
                                            throw new KernelRefused("no CAP_NET_RAW here");
                                        }))
                .isInstanceOf(StartRefused.class)
                .hasMessage("no CAP_NET_RAW here");
        assertThat(site.socket).doesNotExist();
        assertThat(site.http).satisfies(port -> assertThat(isFree(port)).isTrue());
    }

    private static boolean isFree(int port) {
        try (java.net.ServerSocket _ =
                new java.net.ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (java.io.IOException _) {
            return false;
        }
    }

    @Test
    void aBugInVrrpEndsTheProcessWithAFailure() throws Exception {
        Daemon daemon = start(() -> ports(WiringTest::brokenLinks));
        assertThat(daemon.await()).isEqualTo(ExitCode.REFUSED);
        Child.await(
                "the bug in the log",
                () ->
                        written.toString(StandardCharsets.UTF_8)
                                .contains("a bug: every address was given up"));
        daemon.stop();
    }

    @Test
    void routersAreInTheStatusAndAStopEndsThem() throws Exception {
        Daemon daemon = start(() -> ports(List::of));
        String status =
                new AdminClient(site.socket, PATIENCE)
                        .ask("GET", "/api/v1/status", "text/plain")
                        .body();
        assertThat(status).contains("ROUTER", "web", "eth9", "BAD      router web: is in fault");
        Answer stopping =
                new AdminClient(site.socket, PATIENCE).ask("POST", "/api/v1/stop", Answer.JSON);
        assertThat(stopping.status()).isEqualTo(202);
        assertThat(daemon.await()).isEqualTo(ExitCode.DONE);
        assertThat(site.socket).doesNotExist();
    }

    @Test
    void aReloadThatHangsDoesNotKeepAStopFromEnding() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Daemon daemon =
                start(
                        withoutRouters,
                        () -> {
                            hangs.countDown();
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return ports(List::of);
                        });
        CompletionStage<ReloadOutcome> reload = daemon.reload();
        hangs.await();
        daemon.stop();
        assertThat(daemon.await()).isEqualTo(ExitCode.DONE);
        assertThat(reload.toCompletableFuture()).isNotDone();
        assertThat(daemon.reload().toCompletableFuture().join())
                .isEqualTo(new ReloadOutcome.Refused("this buoy is stopping"));
    }

    @Test
    void aRouterWithoutAPeerKeepsWhatItWasToHandOver() throws Exception {
        Daemon daemon = start(() -> ports(() -> List.of(new Link(2, "eth9", true))));
        AdminClient client = new AdminClient(site.socket, PATIENCE);
        Child.await("the router to be active", () -> isActive(client));
        assertThat(firewall.calls).containsExactly("prepare", "seal [/198.51.100.100]");

        Answer resign = client.ask("POST", "/api/v1/routers/web/resign", "text/plain");
        assertThat(resign.status()).isEqualTo(409);
        assertThat(resign.body()).contains("nobody took the addresses of router web");
        assertThat(firewall.calls.subList(2, firewall.calls.size()))
                .containsExactly("hold [/198.51.100.100]", "let in");
        assertThat(status(client)).contains("All is well");
        assertThat(isActive(client)).isTrue();

        Answer other = client.ask("POST", "/api/v1/routers/webb/resign", Answer.JSON);
        assertThat(other.status()).isEqualTo(404);
        assertThat(other.body()).contains("\"done\":false", "configured: web");
        Answer resume = client.ask("POST", "/api/v1/routers/web/resume", "text/plain");
        assertThat(resume.status()).isEqualTo(200);
        assertThat(resume.body()).contains("router web takes part again: active");

        firewall.refuses = true;
        daemon.stop();
        assertThat(daemon.await()).isEqualTo(ExitCode.DONE);
        assertThat(written.toString(StandardCharsets.UTF_8))
                .contains(
                        "new connections cannot be held back, and some may fail: no nf_tables",
                        "no peer took the addresses of web");
    }

    /** A stop has every router resign as well; that is no order. */
    @Test
    void aRouterThatWasResignedIsSoAfterARestartUntilItIsResumed() throws Exception {
        VirtualRouters.Kernel kernel = () -> ports(() -> List.of(new Link(2, "eth9", true)));
        Path file =
                site.state
                        .resolve("orders")
                        .resolve(site.socket.toString().substring(1).replace('/', '-'));
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        String line = "router web resigned 2026-11-27T03:02:11Z\n";
        Files.writeString(
                file,
                "buoy-orders 1 %s\n".formatted(site.socket)
                        + "router wbe resigned 2026-11-27T03:02:11Z\n"
                        + line);
        AdminClient client = new AdminClient(site.socket, PATIENCE);
        for (int start = 0; start < 2; start++) {
            Daemon daemon = start(kernel);
            Child.await("the router to be active, for want of another", () -> isActive(client));
            assertThat(status(client)).contains("resigned by the operator");
            assertThat(Files.readString(file)).endsWith(line).doesNotContain("wbe");
            daemon.stop();
            assertThat(daemon.await()).isEqualTo(ExitCode.DONE);
        }
        assertThat(written.toString(StandardCharsets.UTF_8))
                .contains(
                        "orders: in force again: router web: resigned since 2026-11-27T03:02:11Z",
                        "not configured any more, and so not in force: router wbe: resigned since");

        Daemon daemon = start(kernel);
        assertThat(ask(client, "/api/v1/routers/web/resume", "text/plain").body())
                .contains("router web takes part again: ")
                .doesNotContain("not kept");
        assertThat(file).doesNotExist();
        daemon.stop();
        assertThat(daemon.await()).isEqualTo(ExitCode.DONE);
        assertThat(file).as("a stop is no order").doesNotExist();
    }

    @Test
    void aPoolIsPausedWhenWhatWasUnderWayHasEnded() throws Exception {
        Daemon daemon = start(withoutRouters, () -> ports(List::of));
        AdminClient client = new AdminClient(site.socket, PATIENCE);
        URI slow = URI.create("http://127.0.0.1:%d/slow".formatted(site.http));
        try (HttpClient http = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<String>> underWay = get(http, slow);
            assertThat(site.slowAsked.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Answer> pausing =
                    CompletableFuture.supplyAsync(
                            () -> ask(client, "/api/v1/pools/app/pause", "text/plain"));
            Child.await("it to be paused", () -> status(client).contains("paused"));
            CompletableFuture<HttpResponse<String>> later = get(http, slow.resolve("/"));
            Child.await("one to wait", () -> status(client).contains("is paused, 1 wait"));
            assertThat(pausing.isDone()).isFalse();
            site.slow.countDown();
            assertThat(underWay.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            Answer paused = pausing.get(20, TimeUnit.SECONDS);
            assertThat(paused.status()).isEqualTo(200);
            assertThat(paused.body())
                    .contains("pool app is paused: all 1 under way have ended, 1 wait");
            assertThat(later.isDone()).isFalse();
            assertThat(ask(client, "/api/v1/pools/app/resume", "text/plain").body())
                    .contains("pool app goes on");
            assertThat(later.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        assertThat(ask(client, "/api/v1/pools/app/resume", "text/plain").body())
                .contains("pool app was not paused");
        Answer other = ask(client, "/api/v1/pools/ap/pause", Answer.JSON);
        assertThat(other.status()).isEqualTo(404);
        assertThat(other.body()).contains("there is no pool ap (configured: app)");
        daemon.stop();
        assertThat(daemon.await()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void aListenerThatIsPausedLetsNobodyNewInAndSaysSoEverywhere() throws Exception {
        Daemon daemon = start(withoutRouters, () -> ports(List::of));
        AdminClient client = new AdminClient(site.socket, PATIENCE);
        URI web = URI.create("http://127.0.0.1:%d/".formatted(site.http));
        try (HttpClient http = HttpClient.newHttpClient();
                HttpClient another = HttpClient.newHttpClient()) {
            assertThat(get(http, web).get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            Answer paused = ask(client, "/api/v1/listeners/web/pause", "text/plain");
            assertThat(paused.status()).isEqualTo(200);
            assertThat(paused.body())
                    .contains(
                            "listener web is paused: nobody new is let in, 1 open connections and sessions go on",
                            "until `buoy listener resume web`");
            assertThat(status(client))
                    .contains("listener web: is paused, nobody new is let in, 1 go on")
                    .contains("127.0.0.1:%d (paused)".formatted(site.http));
            assertThat(shown(client, "/api/v1/status")).contains("\"paused-since\"");
            assertThat(shown(client, "/metrics"))
                    .contains("buoy_listener_paused{listener=\"web\"} 1");
            assertThat(shown(client, "/")).contains("<span class=\"tag degraded\">paused</span>");
            assertThat(get(http, web).get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            CompletableFuture<HttpResponse<String>> refused = get(another, web);
            assertThatThrownBy(() -> refused.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ConnectException.class);

            try (ServerSocket other = new ServerSocket()) {
                other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), site.http));
                Answer taken = ask(client, "/api/v1/listeners/web/resume", "text/plain");
                assertThat(taken.status()).isEqualTo(409);
                assertThat(taken.body())
                        .contains("another program listens there", "listener web stays paused");
            }
            assertThat(ask(client, "/api/v1/listeners/web/resume", "text/plain").body())
                    .contains("listener web lets clients in again");
            assertThat(get(another, web).get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        assertThat(status(client)).contains("All is well").doesNotContain("paused");
        assertThat(ask(client, "/api/v1/listeners/web/resume", "text/plain").body())
                .contains("listener web was not paused");
        Answer other = ask(client, "/api/v1/listeners/we/pause", Answer.JSON);
        assertThat(other.status()).isEqualTo(404);
        assertThat(other.body()).contains("there is no listener we (configured: web");
        assertThat(ask(client, "/api/v1/listeners/we/resume", Answer.JSON).status()).isEqualTo(404);
        daemon.stop();
        assertThat(daemon.await()).isEqualTo(ExitCode.DONE);
        assertThat(written.toString(StandardCharsets.UTF_8))
                .contains(
                        "web: accepts no more connections on 127.0.0.1:" + site.http,
                        "web: paused by command: nobody new is let in",
                        "web: resumed by command: whoever comes is let in");
    }

    private static String shown(AdminClient client, String path) throws IOException {
        return client.ask("GET", path, Answer.JSON).body();
    }

    private static CompletableFuture<HttpResponse<String>> get(HttpClient http, URI uri) {
        return http.sendAsync(
                HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Answer ask(AdminClient client, String path, String accept) {
        try {
            return client.ask("POST", path, accept);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void aKernelThatCannotSealRefusesARouterThatMustNotAccept() {
        firewall.refuses = true;
        assertThatThrownBy(() -> start(() -> ports(List::of)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("no nf_tables");
    }

    @Test
    void aKernelWithoutVirtualMacAddressesRefusesARouterThatWantsOne() throws Exception {
        Files.writeString(
                site.config,
                Files.readString(site.config).replace("accept: false", "virtual-mac: true"));
        VirtualRouters.Kernel without =
                new VirtualRouters.Kernel() {
                    @Override
                    public Ports open() {
                        return ports(List::of);
                    }

                    @Override
                    public void requireVirtualMacs() throws KernelRefused {
                        throw new KernelRefused("no macvlan");
                    }
                };
        assertThatThrownBy(() -> start(read(), without))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("no macvlan");
        Daemon daemon = start(config, without);
        daemon.stop();
        assertThat(daemon.await()).isEqualTo(ExitCode.DONE);
    }

    private static boolean isActive(AdminClient client) {
        return status(client, Answer.JSON).matches("(?s).*\"state\"\\s*:\\s*\"active\".*");
    }

    private static String status(AdminClient client) {
        return status(client, "text/plain");
    }

    private static String status(AdminClient client, String accept) {
        try {
            return client.ask("GET", "/api/v1/status", accept).body();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Keeps what it was told. */
    private static final class ToldFirewall implements Firewall {
        final List<String> calls = new CopyOnWriteArrayList<>();
        volatile boolean refuses;

        @Override
        public void holdBack(Set<InetAddress> addresses) throws KernelRefused {
            call("hold " + addresses);
        }

        @Override
        public void letIn() {
            calls.add("let in");
        }

        @Override
        public void prepareToSeal() throws KernelRefused {
            call("prepare");
        }

        @Override
        public void seal(Set<InetAddress> addresses) throws KernelRefused {
            call("seal " + addresses);
        }

        private void call(String what) throws KernelRefused {
            if (refuses) {
                throw new KernelRefused("no nf_tables");
            }
            calls.add(what);
        }
    }

    private static List<Link> brokenLinks() {
        throw new IllegalStateException("a bug for the test");
    }

    /** A kernel with these links, and nobody else on them. */
    private static Ports ports(Supplier<List<Link>> present) {
        LinkedBlockingQueue<String> wakeUps = new LinkedBlockingQueue<>();
        Waiter waiter =
                new Waiter() {
                    @Override
                    public long now() {
                        return System.nanoTime();
                    }

                    @Override
                    public void await(long deadline) {
                        try {
                            wakeUps.poll(
                                    Math.clamp(deadline - now(), 1, 50_000_000),
                                    TimeUnit.NANOSECONDS);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        wakeUps.clear();
                    }

                    @Override
                    public void wakeUp() {
                        wakeUps.add("now");
                    }
                };
        Links links =
                new Links() {
                    @Override
                    public List<Link> list() {
                        return present.get();
                    }

                    @Override
                    public List<LinkEvent> events() {
                        return List.of();
                    }
                };
        return new Ports(
                new QuietLan(),
                new OneAddress(),
                new NoNeighbours(),
                links,
                new NoRoutes(),
                new NoVirtualMacs(),
                waiter,
                () -> {});
    }

    private static final class QuietLan implements Lan {
        @Override
        public AdvertisementChannel open(Opening opening) {
            return new Silence();
        }

        @Override
        public AdvertisementSender speakThrough(Links.Link link, InetAddress source, int ttl)
                throws KernelRefused {
            throw new KernelRefused("no virtual MAC in this test");
        }
    }

    private static final class NoVirtualMacs implements VirtualMacs {
        @Override
        public Optional<Made> takeOver(Links.Link on, int routerId, boolean ipv6) {
            return Optional.empty();
        }

        @Override
        public Made make(Links.Link on, int routerId, boolean ipv6) throws KernelRefused {
            throw new KernelRefused("no virtual MAC in this test");
        }

        @Override
        public void raise(int interfaceIndex) {}

        @Override
        public void lower(int interfaceIndex) {}

        @Override
        public void remove(int interfaceIndex) {}

        @Override
        public void finish(Duration atMost) {}

        @Override
        public void clear() {}
    }

    private static final class NoRoutes implements RoutingTable {
        @Override
        public boolean add(RoutingTable.Entry entry) {
            return true;
        }

        @Override
        public void remove(RoutingTable.Entry entry) {}

        @Override
        public void clear() {}
    }

    private static final class NoNeighbours implements Neighbours {
        @Override
        public void announce(int interfaceIndex, InetAddress address) {}

        @Override
        public void listenFor(int interfaceIndex, Set<InetAddress> addresses) {}

        @Override
        public List<Claim> heard() {
            return List.of();
        }
    }

    private static final class Silence implements AdvertisementChannel {
        @Override
        public void send(byte[] message, InetAddress destination) {}

        @Override
        public Optional<Datagram> receive() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    private static final class OneAddress implements AddressTable {
        @Override
        public void claim(int interfaceIndex, InetAddress address, int length, Duration lifetime) {}

        @Override
        public void release(int interfaceIndex, InetAddress address, int length) {}

        @Override
        public List<AddressTable.Entry> list(int interfaceIndex) {
            return List.of(new AddressTable.Entry(InetAddress.ofLiteral("198.51.100.1"), 24, true));
        }
    }
}

package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.LogSettings;
import buoy.daemon.admin.AdminClient;
import buoy.daemon.admin.Answer;
import buoy.daemon.log.Log;
import buoy.linux.Kernel;
import buoy.vrrp.AddressTable;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Links;
import buoy.vrrp.Neighbours;
import buoy.vrrp.Ports;
import buoy.vrrp.RoutingTable;
import buoy.vrrp.Waiter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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

    @BeforeEach
    void configure() throws Exception {
        site = new Site(directory);
        withoutRouters = read();
        Files.writeString(
                site.config,
                """
                vrrp:
                  web: {interface: eth9, router-id: 51, addresses: [198.51.100.100/24]}
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
                log,
                ServiceManager.of(Map.of(), log),
                "lb1",
                Instant.now());
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
        Daemon daemon = start(() -> ports(true));
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
        Daemon daemon = start(() -> ports(false));
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
                            return ports(false);
                        });
        CompletionStage<ReloadOutcome> reload = daemon.reload();
        hangs.await();
        daemon.stop();
        assertThat(daemon.await()).isEqualTo(ExitCode.DONE);
        assertThat(reload.toCompletableFuture()).isNotDone();
        assertThat(daemon.reload().toCompletableFuture().join())
                .isEqualTo(new ReloadOutcome.Refused("this buoy is stopping"));
    }

    /** A kernel without links; or, with a bug, one that breaks the speaker. */
    private static Ports ports(boolean bug) {
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
                        if (bug) {
                            throw new IllegalStateException("a bug for the test");
                        }
                        return List.of();
                    }

                    @Override
                    public List<LinkEvent> events() {
                        return List.of();
                    }
                };
        return new Ports(
                opening -> {
                    throw new KernelRefused("no sockets in this test");
                },
                new NoAddresses(),
                new NoNeighbours(),
                links,
                new NoRoutes(),
                waiter,
                () -> {});
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

    private static final class NoAddresses implements AddressTable {
        @Override
        public void claim(int interfaceIndex, InetAddress address, int length, Duration lifetime) {}

        @Override
        public void release(int interfaceIndex, InetAddress address, int length) {}

        @Override
        public List<AddressTable.Entry> list(int interfaceIndex) {
            return List.of();
        }
    }
}

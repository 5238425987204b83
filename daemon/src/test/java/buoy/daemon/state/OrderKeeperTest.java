package buoy.daemon.state;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.LogSettings;
import buoy.daemon.log.Log;
import buoy.daemon.state.StandingOrders.ServerName;
import buoy.lb.PoolsKnown;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Server.Orders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies on the disk, and when. */
class OrderKeeperTest {
    private static final Path SOCKET = Path.of("/run/buoy/admin.sock");
    private static final Instant THEN = Instant.parse("2026-11-27T03:02:11Z");
    private static final StandingOrders DRAIN =
            new StandingOrders(
                    Map.of(),
                    Map.of(
                            new ServerName("app", "app1"),
                            new Orders(Duty.DRAIN, THEN, OptionalInt.of(3))),
                    Map.of("db", THEN),
                    Map.of());

    @TempDir Path directory;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Log log =
            Log.open(
                    new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT),
                    new PrintStream(written, true, StandardCharsets.UTF_8));
    private OrdersFile file = new OrdersFile(Path.of("/none"), SOCKET);
    private PoolsKnown pools = PoolsKnown.NOTHING;
    private Optional<Set<String>> resigned = Optional.of(Set.of());

    @BeforeEach
    void place() {
        file = new OrdersFile(directory, SOCKET);
    }

    private OrderKeeper keeper() {
        return new OrderKeeper(file, file.read(), Map::of, () -> pools, () -> resigned, log);
    }

    private String logged() {
        log.close();
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsInForceIsThereForTheNextProcessAloneAndGoneWithTheLastOrder() throws IOException {
        assertThat(keeper().keep()).isEmpty();
        assertThat(directory).as("nothing is ordered").isEmptyDirectory();

        OrderKeeper keeper = keeper();
        pools = DRAIN.known();
        assertThat(keeper.keep()).isEmpty();
        assertThat(file.read().orders()).isEqualTo(DRAIN);
        Path lies = directory.resolve("orders/run-buoy-admin.sock");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lies)))
                .isEqualTo("rw-------");
        assertThat(new OrdersFile(directory, Path.of("/run/other/admin.sock")).read().orders())
                .isEqualTo(StandingOrders.NONE);

        Object inode = Files.getAttribute(lies, "unix:ino");
        assertThat(keeper.keep()).isEmpty();
        assertThat(Files.getAttribute(lies, "unix:ino")).as("nothing is new").isEqualTo(inode);

        pools = PoolsKnown.NOTHING;
        assertThat(keeper().keep()).as("by the next process").isEmpty();
        assertThat(lies).doesNotExist();
        assertThat(logged()).isEmpty();
    }

    @Test
    void aRouterIsResignedSinceItWasSeenToBeFirst() {
        resigned = Optional.of(Set.of("web"));
        assertThat(keeper().keep()).isEmpty();
        Map<String, Instant> since = file.read().orders().resigned();
        assertThat(since).containsOnlyKeys("web");

        resigned = Optional.of(Set.of("web", "db"));
        OrderKeeper next = keeper();
        assertThat(next.keep()).isEmpty();
        assertThat(file.read().orders().resigned())
                .containsAllEntriesOf(since)
                .containsOnlyKeys("web", "db");

        resigned = Optional.empty();
        pools = DRAIN.known();
        assertThat(next.keep()).as("the routers do not answer").isEmpty();
        assertThat(file.read().orders().resigned()).containsOnlyKeys("web", "db");
        assertThat(file.read().orders().paused()).containsOnlyKeys("db");
    }

    @Test
    void whatAStopHasRoutersDoIsNoOrder() {
        OrderKeeper keeper = keeper();
        keeper.close();
        resigned = Optional.of(Set.of("web"));
        assertThat(keeper.keep()).contains("this buoy is stopping");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aReloadMovesThePlace() throws IOException {
        OrderKeeper keeper = keeper();
        pools = DRAIN.known();
        assertThat(keeper.keep()).isEmpty();
        OrdersFile other =
                new OrdersFile(Files.createDirectory(directory.resolve("other")), SOCKET);
        keeper.reloaded(other);
        assertThat(other.read().orders()).isEqualTo(DRAIN);
        assertThat(file.read().orders()).isEqualTo(StandingOrders.NONE);
        keeper.reloaded(new OrdersFile(directory.resolve("none"), SOCKET));
        assertThat(other.read().orders()).as("nowhere else are they kept").isEqualTo(DRAIN);
        keeper.reloaded(file);
        assertThat(file.read().orders()).as("and back from nowhere").isEqualTo(DRAIN);
        assertThat(logged()).isEmpty();
    }

    @Test
    void withoutAStateDirectoryNothingIsKeptAndNoneIsMade() {
        file = new OrdersFile(directory.resolve("none"), SOCKET);
        pools = DRAIN.known();
        assertThat(keeper().keep()).contains(directory.resolve("none") + " is not there");
        assertThat(directory).isEmptyDirectory();
        assertThat(logged()).as("as whoever made none wants it").isEmpty();
    }

    /** Nobody makes a directory in /sys, root neither. */
    @Test
    void whereNobodyMayWriteItIsSaid() {
        file = new OrdersFile(Path.of("/sys"), SOCKET);
        pools = DRAIN.known();
        assertThat(keeper().keep()).get().asString().startsWith("/sys/orders: ");
        assertThat(logged()).contains("not kept, a restart forgets them: /sys/orders: ");
    }

    @Test
    void whatIsNoFileOfOrdersIsAProblemAndNoMore() throws IOException {
        Path lies = Files.createDirectories(directory.resolve("orders/run-buoy-admin.sock"));
        assertThat(file.read().problems()).containsExactly(lies + ": it is no file");
        Files.delete(lies);
        Files.write(lies, new byte[] {(byte) 0xff, 0, 10, (byte) 0xc3});
        assertThat(file.read().problems())
                .containsExactly(lies + ": line 1: must be \"buoy-orders 1 /run/buoy/admin.sock\"");
        Files.write(lies, new byte[(8 << 20) + 1]);
        assertThat(file.read().problems()).containsExactly(lies + ": it is larger than 8 MiB");

        OrderKeeper keeper = keeper();
        keeper.reloaded(file);
        assertThat(lies).as("a reload is no order").hasSize((8 << 20) + 1);
        pools = DRAIN.known();
        assertThat(keeper.keep()).as("a new order replaces it").isEmpty();
        assertThat(file.read()).isEqualTo(new OrdersFile.Kept(DRAIN, java.util.List.of()));
    }
}

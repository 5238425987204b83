package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was ordered by command, over the end of a process; and of several servers at once. */
class OrdersRunTest {
    @TempDir Path directory;
    private final Operator operator = new Operator();

    private ExitCode ask(Site site, String... command) {
        String[] args = java.util.Arrays.copyOf(command, command.length + 2);
        args[command.length] = "--socket";
        args[command.length + 1] = site.socket.toString();
        return operator.says(args);
    }

    /** Beside {@code app/a1} another pool with the same machine, and one more server. */
    private static void morePools(Site site) throws IOException {
        site.add("pools", "more: {servers: {a1: \"127.0.0.1:9\", a2: \"127.0.0.1:19\"}}");
    }

    private static Path file(Site site) {
        return site.state
                .resolve("orders")
                .resolve(site.socket.toString().substring(1).replace('/', '-'));
    }

    private String status(Site site) {
        assertThat(ask(site, "status")).isEqualTo(ExitCode.DONE);
        return operator.out();
    }

    @Test
    void whatWasOrderedOutlivesAStopAndAKill() throws Exception {
        try (Site site = new Site(directory)) {
            morePools(site);
            String since;
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(ask(site, "server", "maintenance", "app/a1")).isEqualTo(ExitCode.DONE);
                assertThat(operator.out())
                        .isEqualTo(
                                "app/a1 is taken out; what is under way may finish within the pool's drain"
                                        + " (until `buoy server ready app/a1`)\n");
                assertThat(ask(site, "server", "weight", "7", "more/a2")).isEqualTo(ExitCode.DONE);
                since = orderedSince(status(site));
                buoy.signal("TERM");
                assertThat(buoy.exitCode()).isZero();
            }
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(buoy.out())
                        .contains(
                                "orders: in force again: server app/a1: maintenance since " + since,
                                "orders: in force again: server more/a2: weight 7");
                assertThat(status(site))
                        .contains("in maintenance by command since " + since)
                        .contains("weight 7 by command");
                assertThat(Child.get(site.http, "/").statusCode()).isEqualTo(503);
                assertThat(ask(site, "pool", "pause", "more")).isEqualTo(ExitCode.DONE);
                assertThat(ask(site, "server", "weight", "1", "more/a2")).isEqualTo(ExitCode.DONE);
                buoy.signal("KILL");
                assertThat(buoy.exitCode()).isNotZero();
            }
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(buoy.out())
                        .contains(
                                "in force again: server app/a1: maintenance since " + since,
                                "in force again: pool more: paused since ");
                assertThat(status(site))
                        .contains("in maintenance by command since " + since, "paused by command")
                        .as("it was given the weight of the configuration")
                        .doesNotContain("weight 7", "weight 1 by command");
                assertThat(ask(site, "server", "ready", "app/a1")).isEqualTo(ExitCode.DONE);
                assertThat(operator.out()).isEqualTo("app/a1 takes work again while it is up\n");
                assertThat(ask(site, "pool", "resume", "more")).isEqualTo(ExitCode.DONE);
                assertThat(file(site)).doesNotExist();
                buoy.signal("KILL");
                assertThat(buoy.exitCode()).isNotZero();
            }
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(buoy.out()).doesNotContain("in force again");
                assertThat(status(site)).doesNotContain("by command");
                Child.await(
                        "it to serve",
                        () -> {
                            try {
                                return Child.get(site.http, "/").statusCode() == 200;
                            } catch (IOException | InterruptedException failed) {
                                throw new AssertionError(failed);
                            }
                        });
            }
        }
    }

    @Test
    void aPausedListenerStaysPausedOverAKill() throws Exception {
        try (Site site = new Site(directory)) {
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(ask(site, "listener", "pause", "web")).isEqualTo(ExitCode.DONE);
                assertThat(operator.out()).doesNotContain("not kept");
                buoy.signal("KILL");
                assertThat(buoy.exitCode()).isNotZero();
            }
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(buoy.out()).contains("in force again: listener web: paused since ");
                assertThatThrownBy(
                                () ->
                                        new Socket(InetAddress.getLoopbackAddress(), site.http)
                                                .close())
                        .isInstanceOf(ConnectException.class);
                assertThat(ask(site, "listener", "resume", "web")).isEqualTo(ExitCode.DONE);
                assertThat(operator.out()).isEqualTo("listener web lets clients in again\n");
                assertThat(Child.get(site.http, "/").statusCode()).isPositive();
                assertThat(file(site)).doesNotExist();
            }
        }
    }

    private static String orderedSince(String status) {
        String before = "in maintenance by command since ";
        assertThat(status).contains(before);
        String after = status.substring(status.indexOf(before) + before.length());
        return after.substring(0, after.indexOf('Z') + 1);
    }

    @Test
    void whatIsConfiguredNoMoreIsDroppedWithALine() throws Exception {
        try (Site site = new Site(directory)) {
            String without = Files.readString(site.config);
            morePools(site);
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(ask(site, "server", "drain", "*/a1")).isEqualTo(ExitCode.DONE);
                assertThat(ask(site, "pool", "pause", "more")).isEqualTo(ExitCode.DONE);
                buoy.signal("KILL");
                assertThat(buoy.exitCode()).isNotZero();
            }
            Files.writeString(site.config, without);
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(buoy.out())
                        .contains("in force again: server app/a1: drain since ")
                        .containsPattern(
                                "not configured any more, and so not in force: server more/a1: drain since \\S+; pool more: paused since ");
                assertThat(Files.readString(file(site)))
                        .contains("server app/a1 drain ")
                        .doesNotContain("more");
            }
        }
    }

    @Test
    void aReloadDropsWhatItRemoves() throws Exception {
        try (Site site = new Site(directory)) {
            String without = Files.readString(site.config);
            morePools(site);
            try (Child _ = Child.running(directory, site.config)) {
                assertThat(ask(site, "server", "drain", "more/a1")).isEqualTo(ExitCode.DONE);
                assertThat(file(site)).exists();
                Files.writeString(site.config, without);
                assertThat(ask(site, "reload")).isEqualTo(ExitCode.DONE);
                assertThat(file(site)).doesNotExist();
            }
        }
    }

    @Test
    void aBrokenFileCostsAWarningAndWhatCanBeReadIsInForce() throws Exception {
        try (Site site = new Site(directory)) {
            String broken =
                    """
                    buoy-orders 1 %s
                    server app/a1 drain 2026-11-27T03:02:11Z -
                    server app/a1 dra
                    """
                            .formatted(site.socket);
            Files.createDirectories(Objects.requireNonNull(file(site).getParent()));
            Files.writeString(file(site), broken);
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(buoy.out())
                        .contains(
                                "kept orders cannot be read: %s: line 3: no order: "
                                        .formatted(file(site)),
                                "in force again: server app/a1: drain since 2026-11-27T03:02:11Z");
                assertThat(status(site)).contains("drains by command since 2026-11-27T03:02:11Z");
                assertThat(file(site)).as("for whoever looks into it").hasContent(broken);
                assertThat(ask(site, "server", "maintenance", "app/a1")).isEqualTo(ExitCode.DONE);
                assertThat(Files.readString(file(site)))
                        .contains("server app/a1 maintenance ")
                        .doesNotContain("dra\n");
            }
        }
    }

    /** Nobody makes a directory in /sys, root neither. */
    @Test
    void whereNobodyMayWriteAnOrderHoldsAndSaysThatItIsNotKept() throws Exception {
        try (Site site = new Site(directory)) {
            Files.writeString(
                    site.config,
                    Files.readString(site.config).replace(site.state.toString(), "/sys"));
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(ask(site, "server", "drain", "app/a1")).isEqualTo(ExitCode.DONE);
                assertThat(operator.out())
                        .startsWith("app/a1 takes nothing new; what is under way goes on")
                        .contains("\nnot kept, a restart forgets it: /sys/orders: ");
                assertThat(status(site)).contains("drains by command since ");
                buoy.awaitLog("orders: they are not kept, a restart forgets them: /sys/orders: ");
            }
        }
    }

    @Test
    void oneCommandReachesAServerInEveryPoolOrNoneAtAll() throws Exception {
        try (Site site = new Site(directory)) {
            morePools(site);
            try (Child buoy = Child.running(directory, site.config)) {
                assertThat(ask(site, "server", "drain", "*/a1")).isEqualTo(ExitCode.DONE);
                assertThat(operator.out().lines())
                        .satisfiesExactly(
                                line ->
                                        assertThat(line)
                                                .startsWith("more/a1 takes nothing new; ")
                                                .endsWith("(until `buoy server ready more/a1`)"),
                                line -> assertThat(line).startsWith("app/a1 takes nothing new; "));
                buoy.awaitLog("server: app/a1: takes nothing new; ");
                buoy.awaitLog("server: more/a1: takes nothing new; ");
                assertThat(ask(site, "server", "weight", "3", "127.0.0.1"))
                        .isEqualTo(ExitCode.DONE);
                assertThat(operator.out())
                        .isEqualTo(
                                "more/a1 has weight 3 now\nmore/a2 has weight 3 now\napp/a1 has weight 3 now\n");
                assertThat(ask(site, "server", "ready", "127.0.0.1:9")).isEqualTo(ExitCode.DONE);
                assertThat(operator.out()).isEqualTo("more/a1 takes work again while it is up\n");

                for (String other : new String[] {"*/a3", "127.0.0.1:8", "a1"}) {
                    assertThat(ask(site, "server", "drain", other)).isEqualTo(ExitCode.REFUSED);
                    assertThat(operator.err())
                            .isEqualTo(
                                    "buoy: there is no server %s (configured: more/a1, more/a2, app/a1)\n"
                                            .formatted(other));
                }
                assertThat(ask(site, "server", "drain", "*/*")).isEqualTo(ExitCode.BAD_USAGE);
                assertThat(operator.err())
                        .isEqualTo(
                                "buoy: \"*/*\" is not POOL/SERVER, '*/SERVER' for that of every pool, or ADDRESS[:PORT]\n");
            }
        }
    }
}

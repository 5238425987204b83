package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.admin.AdminClient;
import buoy.daemon.admin.Answer;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceManagerTest {
    /** In seconds: more than systemd waits by itself. */
    private static final long DRAIN = 240;

    /** Loads what its sockets are made of, too. */
    @BeforeAll
    static void needsEpoll() {
        assertThat(Epoll.isAvailable()).isTrue();
    }

    @Test
    void systemdHearsReadyReloadingAndStopping(@TempDir Path directory) throws Exception {
        for (String name : new String[] {directory.resolve("notify").toString(), "@" + directory}) {
            Socket systemd = Socket.newSocketDomainDgram();
            try (Site site = new Site(directory)) {
                site.add("process", "drain: %ds".formatted(DRAIN));
                systemd.bind(
                        new DomainSocketAddress(
                                name.startsWith("@") ? '\0' + name.substring(1) : name));
                try (Child buoy =
                        Child.start(
                                directory,
                                Map.of("NOTIFY_SOCKET", name),
                                "run",
                                "-c",
                                site.config.toString())) {
                    assertThat(receive(systemd)).startsWith("READY=1\nSTATUS=running");
                    buoy.signal("HUP");
                    assertThat(receive(systemd)).matches("RELOADING=1\nMONOTONIC_USEC=[0-9]{6,}");
                    assertThat(receive(systemd)).startsWith("READY=1\n");
                    buoy.signal("TERM");
                    // As long as clients may take, and a minute.
                    assertThat(receive(systemd))
                            .startsWith("STOPPING=1\n")
                            .endsWith("\nEXTEND_TIMEOUT_USEC=" + (DRAIN + 60) * 1_000_000);
                    assertThat(buoy.exitCode()).isZero();
                }
            } finally {
                systemd.close();
            }
        }
    }

    @Test
    void itsWatchdogIsToldThatAllWorkersMove(@TempDir Path directory) throws Exception {
        String name = directory.resolve("notify").toString();
        Socket systemd = Socket.newSocketDomainDgram();
        try (Site site = new Site(directory)) {
            systemd.bind(new DomainSocketAddress(name));
            try (Child buoy =
                    Child.start(
                            directory,
                            Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "300000"),
                            "run",
                            "-c",
                            site.config.toString())) {
                // READY=1 is one of them.
                assertThat(List.of(receive(systemd), receive(systemd), receive(systemd)))
                        .filteredOn("WATCHDOG=1"::equals)
                        .hasSize(2);
                buoy.signal("TERM");
                assertThat(buoy.exitCode()).isZero();
            }
        } finally {
            systemd.close();
        }
    }

    @Test
    void afterAnUpgradeItIsToldOfTheNewProcessAndHearsThatOne(@TempDir Path directory)
            throws Exception {
        String name = directory.resolve("notify").toString();
        Socket systemd = Socket.newSocketDomainDgram();
        try (Site site = new Site(directory)) {
            systemd.bind(new DomainSocketAddress(name));
            try (Child buoy =
                    Child.start(
                            directory,
                            Map.of("NOTIFY_SOCKET", name),
                            "run",
                            "-c",
                            site.config.toString())) {
                assertThat(receive(systemd)).startsWith("READY=1\n");
                AdminClient client = new AdminClient(site.socket, Duration.ofMinutes(2));
                Answer answer = client.ask("POST", "/api/v1/upgrade", "text/plain");
                assertThat(answer.body()).matches("process [0-9]+ has taken over\n");
                String next = answer.body().split(" ", -1)[1];
                assertThat(List.of(receive(systemd), receive(systemd)))
                        .anyMatch(("MAINPID=" + next)::equals)
                        .anyMatch(each -> each.startsWith("READY=1\nSTATUS=running"));
                assertThat(buoy.exitCode()).isZero();
                client.ask("POST", "/api/v1/stop", Answer.JSON);
                // The one that left had no last word.
                assertThat(receive(systemd)).startsWith("STOPPING=1\n");
            }
        } finally {
            systemd.close();
        }
    }

    /** The next datagram; the socket does not block, so it is asked until there is one. */
    private static String receive(Socket socket) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(512);
        int[] length = {0};
        Child.await(
                "a datagram for systemd",
                () -> {
                    try {
                        length[0] = socket.read(buffer, 0, buffer.capacity());
                        return length[0] > 0;
                    } catch (java.io.IOException e) {
                        throw new AssertionError(e);
                    }
                });
        byte[] bytes = new byte[length[0]];
        buffer.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

package buoy.lb.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import buoy.config.model.Endpoint;
import buoy.config.model.Listener;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Debian's dnsmasq behind, dig and logger before. Two workers. */
class RealPeersTest {
    private static final String ONE = "203.0.113.1";
    private static final String TWO = "203.0.113.2";

    private static Listener udp(int responses) {
        return new Listener.Udp(
                "in",
                List.of(Configs.loopback(0)),
                OptionalInt.empty(),
                Duration.ofSeconds(10),
                OptionalInt.of(responses),
                "app",
                Listener.Admission.ANY);
    }

    private static Running before(int responses, Endpoint... servers) throws Exception {
        return Running.start(
                Configs.of(List.of(udp(responses)), List.of(Configs.pool("app", servers))));
    }

    private static void needs(String program) {
        assumeThat(Stream.of("/usr/bin", "/usr/sbin").map(each -> Path.of(each, program)))
                .as("needs " + program)
                .anyMatch(Files::isExecutable);
    }

    /** For TCP as well, which a name server wants too. */
    private static Endpoint freePort() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        while (true) {
            try (DatagramSocket free = new DatagramSocket(0, loopback);
                    ServerSocket _ = new ServerSocket(free.getLocalPort(), 1, loopback)) {
                return Configs.loopback(free.getLocalPort());
            } catch (BindException taken) {
                // Another one.
            }
        }
    }

    /** A name server that has this address for every name below example.com. */
    private static Process dnsmasq(Endpoint at, String address) throws IOException {
        return new ProcessBuilder(
                        "dnsmasq",
                        "--keep-in-foreground",
                        "--conf-file=/dev/null",
                        "--pid-file=",
                        "--user=" + System.getProperty("user.name"),
                        "--no-resolv",
                        "--no-hosts",
                        "--bind-interfaces",
                        "--listen-address=127.0.0.1",
                        "--port=" + at.port(),
                        "--address=/example.com/" + address)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String dig(int port, String name) throws Exception {
        Process dig =
                new ProcessBuilder(
                                "dig",
                                "+short",
                                "+tries=1",
                                "+time=5",
                                "@127.0.0.1",
                                "-p",
                                Integer.toString(port),
                                name)
                        .redirectErrorStream(true)
                        .start();
        dig.getOutputStream().close();
        String said = new String(dig.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        dig.waitFor();
        return said.strip();
    }

    @Test
    void digIsAnsweredByEachNameServerInTurnAndByTheOtherWhenOneIsKilled() throws Exception {
        needs("dnsmasq");
        needs("dig");
        Endpoint first = freePort();
        Endpoint second = freePort();
        Process one = dnsmasq(first, ONE);
        Process two = dnsmasq(second, TWO);
        try (Running buoy = before(1, first, second)) {
            Await.until("the first is there", () -> answers(first.port(), ONE));
            Await.until("the second is there", () -> answers(second.port(), TWO));
            Set<String> said = new TreeSet<>();
            // dig has another port each time, and each worker turns of its own.
            for (int i = 0; i < 12; i++) {
                said.add(quietly(buoy.port("in")));
            }
            assertThat(said).containsExactly(ONE, TWO);

            one.destroyForcibly().waitFor();
            List<String> after = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                after.add(dig(buoy.port("in"), "app.example.com"));
            }
            assertThat(after).containsOnly(TWO);
            assertThat(buoy.server("app", "s1").totals().failures())
                    .containsOnlyKeys(Reason.SERVER_REFUSED);
            Await.until("all are over", () -> buoy.status().connections() == 0);
            assertThat(buoy.listener("in").totals().failures()).isEmpty();
        } finally {
            one.destroyForcibly();
            two.destroyForcibly();
        }
    }

    private static boolean answers(int port, String address) {
        return quietly(port).equals(address);
    }

    private static String quietly(int port) {
        try {
            return dig(port, "app.example.com");
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void whatLoggerSaysArrivesAndNothingIsOwed() throws Exception {
        needs("logger");
        try (DatagramSocket syslog = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Running buoy = before(0, Configs.loopback(syslog.getLocalPort()))) {
            syslog.setSoTimeout(10_000);
            Process logger =
                    new ProcessBuilder(
                                    "logger",
                                    "--udp",
                                    "--server",
                                    "127.0.0.1",
                                    "--port",
                                    Integer.toString(buoy.port("in")),
                                    "--rfc5424",
                                    "from far away")
                            .start();
            DatagramPacket heard = new DatagramPacket(new byte[2048], 2048);
            syslog.receive(heard);
            assertThat(new String(heard.getData(), 0, heard.getLength(), StandardCharsets.UTF_8))
                    .startsWith("<13>1 ")
                    .endsWith("from far away");
            assertThat(logger.waitFor()).isZero();
            assertThat(buoy.listener("in").totals().failures()).isEmpty();
        }
    }
}

package buoy.daemon.peer;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.config.model.LogSettings;
import buoy.config.model.Peer;
import buoy.config.model.Secret;
import buoy.daemon.log.Log;
import buoy.daemon.peer.wire.Frames;
import buoy.daemon.peer.wire.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts on loopback, with real sockets and TLS. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeersTest {
    private static final Secret KEY = new Secret("a secret of more than 32 characters, for tests");
    private static final Secret WRONG = new Secret("another secret, just as long, for those tests");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Log log =
            Log.open(
                    new LogSettings(LogSettings.Level.DEBUG, LogSettings.Format.TEXT),
                    new PrintStream(written, true, StandardCharsets.UTF_8));
    private final List<AutoCloseable> open = new ArrayList<>();
    private final long began = System.nanoTime();
    private Endpoint a;
    private Endpoint b;

    @BeforeEach
    void choosePorts() throws IOException {
        a = unused();
        b = unused();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        log.close();
    }

    private static Endpoint unused() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return new Endpoint(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
    }

    /** A host that has some certificates and remembers what it hears. */
    private static final class Host implements Shared {
        final List<Message> has = new ArrayList<>();
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        Host(String... certificates) {
            for (String name : certificates) {
                has.add(certificate(name));
            }
        }

        @Override
        public List<Message> all() {
            return List.copyOf(has);
        }

        @Override
        public void heard(String host, String instance, Message message) {
            heard.add(host + " " + ((Message.Certificate) message).name());
        }

        @Override
        public void gone(String instance) {
            heard.add("gone");
        }

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(30, TimeUnit.SECONDS));
        }
    }

    private static Message certificate(String name) {
        return new Message.Certificate(name, "text of " + name);
    }

    private Peers start(String name, Endpoint bind, Endpoint other, Secret key, Host host) {
        Peers peers = Peers.start(new Peer(bind, List.of(other), key), name, host, log);
        open.add(peers);
        return peers;
    }

    private static void await(String what, BooleanSupplier state) throws InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!state.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            Thread.sleep(20);
        }
    }

    @Test
    void everythingIsToldAtFirstAndThenWhatChanges() throws Exception {
        Host one = new Host("site", "shop");
        Host two = new Host("mail");
        Peers first = start("lb1", a, b, KEY, one);
        Peers second = start("lb2", b, a, KEY, two);

        assertThat(List.of(two.next(), two.next())).containsExactly("lb1 site", "lb1 shop");
        assertThat(one.next()).isEqualTo("lb2 mail");
        await("both settled", () -> first.settled(began) && second.settled(began));
        first.tell(certificate("new"));
        assertThat(two.next()).isEqualTo("lb1 new");
        await("counted", () -> first.status().getFirst().told() >= 4);
        assertThat(first.status())
                .singleElement()
                .satisfies(
                        status -> {
                            assertThat(status.connected()).isTrue();
                            assertThat(status.host()).contains("lb2");
                            assertThat(status.heard()).isPresent();
                        });
    }

    @Test
    void aHostThatComesBackIsToldEverythingAnew() throws Exception {
        Host one = new Host("site");
        Host two = new Host();
        Peers first = start("lb1", a, b, KEY, one);
        Peers second = start("lb2", b, a, KEY, two);
        assertThat(two.next()).isEqualTo("lb1 site");
        await("connected both ways", () -> first.settled(began));

        second.close();
        assertThat(one.next()).isEqualTo("gone");
        await("known to be away", () -> !first.status().getFirst().connected());
        one.has.add(certificate("more"));
        first.tell(certificate("more"));
        Host again = new Host();
        start("lb2", b, a, KEY, again);

        assertThat(List.of(again.next(), again.next())).containsExactly("lb1 site", "lb1 more");
    }

    @Test
    void whoHasAnotherKeyHearsAndSaysNothing() throws Exception {
        Host one = new Host("site");
        Host stranger = new Host("forged");
        Peers first = start("lb1", a, b, KEY, one);
        start("lb2", b, a, WRONG, stranger);

        await(
                "the reason",
                () -> first.status().getFirst().why().contains("compare peer.key-file"));
        await(
                "refused at the other end too",
                () -> written.toString(StandardCharsets.UTF_8).contains("/127.0.0.1: "));
        assertThat(stranger.heard).isEmpty();
        assertThat(one.heard).isEmpty();
        assertThat(first.settled(began)).isFalse();
        assertThat(first.settled(began + Duration.ofSeconds(60).toNanos())).isTrue();
    }

    @Test
    void whoConnectsWithoutTlsIsCut() throws Exception {
        Host one = new Host("site");
        start("lb1", a, b, KEY, one);
        await(
                "listening",
                () -> written.toString(StandardCharsets.UTF_8).contains("listens to the others"));
        try (Socket socket = new Socket(a.address(), a.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            // A reset is an end, too.
        }
        Host two = new Host();
        start("lb2", b, a, KEY, two);
        assertThat(two.next()).isEqualTo("lb1 site");
        assertThat(one.heard).doesNotContain("lb2 site");
    }

    @Test
    void whoSpeaksSlowlyShutsNobodyOut() throws Exception {
        start("lb1", a, b, KEY, new Host("site"));
        await(
                "listening",
                () -> written.toString(StandardCharsets.UTF_8).contains("listens to the others"));
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Socket socket = new Socket(a.address(), a.port());
            open.add(socket);
            slow.add(socket);
            // A TLS record of 16 KiB, with all the time in the world.
            socket.getOutputStream().write(new byte[] {22, 3, 1, 64, 0});
        }
        Host two = new Host();
        start("lb2", b, a, KEY, two);
        await(
                "all cut, though each says something every second",
                () -> {
                    slow.removeIf(PeersTest::cut);
                    return two.heard.contains("lb1 site") && slow.isEmpty();
                });
    }

    /** Says one byte more; whether that cannot be said. */
    private static boolean cut(Socket socket) {
        try {
            socket.getOutputStream().write(1);
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    void theEndOfAnOldConnectionIsNotTheEndOfItsHost() throws Exception {
        Host one = new Host();
        Peers first = start("lb1", a, b, KEY, one);
        await(
                "listening",
                () -> written.toString(StandardCharsets.UTF_8).contains("listens to the others"));
        Wire old = connect();
        open.add(old);
        try (Wire fresh = connect()) {
            fresh.say(new Message.Whole());
            alive(fresh);
            old.close();
            await(
                    "the end of the old one is known",
                    () ->
                            written.toString(StandardCharsets.UTF_8)
                                    .contains("the other end has closed"));
            alive(fresh);
            assertThat(one.heard).isEmpty();
            assertThat(first.settled(began)).isTrue();
        }
        assertThat(one.next()).isEqualTo("gone");
    }

    private Wire connect() throws IOException {
        Wire wire =
                Wire.over(new Socket(a.address(), a.port()), Wire.context(PeerKey.of(KEY)), true);
        wire.say(new Message.Hello(Frames.VERSION, "ab".repeat(16), "lb2"));
        assertThat(wire.hear()).isInstanceOf(Message.Hello.class);
        alive(wire);
        return wire;
    }

    /** All that was said before is heard. */
    private static void alive(Wire wire) throws IOException {
        wire.say(new Message.Alive());
        assertThat(wire.hear()).isInstanceOf(Message.Alive.class);
    }

    @Test
    void aHostThatIsNamedAsItsOwnPeerSaysSo() throws Exception {
        Peers lonely = start("lb1", a, a, KEY, new Host("site"));
        await("the reason", () -> lonely.status().getFirst().why().contains("this host itself"));
    }
}

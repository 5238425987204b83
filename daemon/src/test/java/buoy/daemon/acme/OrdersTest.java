package buoy.daemon.acme;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Certificate.Acme;
import buoy.config.model.LogSettings;
import buoy.daemon.acme.plan.Place;
import buoy.daemon.log.Log;
import buoy.daemon.peer.Peers;
import buoy.tls.Challenges;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is done about a CA that does as each test says. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrdersTest {
    private static final String NAME = "app.example.com";

    private final Log log =
            Log.open(
                    new LogSettings(LogSettings.Level.DEBUG, LogSettings.Format.TEXT),
                    new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    private final AtomicInteger asked = new AtomicInteger();
    @TempDir Path directory;
    private Acme site;
    private Orders orders;

    @BeforeEach
    void want() {
        site =
                new Acme(
                        "site",
                        "https://acme.example/dir",
                        List.of(NAME),
                        List.of(),
                        Acme.KeyType.EC256,
                        List.of(Acme.Challenge.HTTP_01),
                        Optional.empty(),
                        directory.resolve("site.pem"));
        orders = ordering(new Place.Here(), Duration.ofMinutes(10), () -> issued(NAME));
    }

    @AfterEach
    void close() {
        orders.close();
        log.close();
    }

    private interface Answer {
        Authority.Issued issued()
                throws GeneralSecurityException, IOException, InterruptedException;
    }

    private Orders ordering(Place place, Duration longest, Answer answer) {
        return new Orders(
                new Challenges(),
                () -> place,
                log,
                (_, _, _, _) -> {
                    asked.incrementAndGet();
                    try {
                        return answer.issued();
                    } catch (GeneralSecurityException | IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                longest);
    }

    private static Authority.Issued issued(String name)
            throws GeneralSecurityException, IOException {
        Challenges.Shown made = ChallengeCertificate.of(name, new byte[32]);
        return new Authority.Issued(
                List.of(made.certificate()),
                new KeyPair(made.certificate().getPublicKey(), made.key()));
    }

    private void apply() throws NoSuchAlgorithmException {
        orders.apply(List.of(new Orders.Wanted(site, SSLContext.getDefault())));
    }

    private OrderStatus await(Predicate<OrderStatus> state) throws InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (true) {
            List<OrderStatus> now = orders.status();
            if (now.stream().anyMatch(state)) {
                return now.getFirst();
            }
            assertThat(Instant.now()).as("%s", now).isBefore(deadline);
            Thread.sleep(10);
        }
    }

    private static Predicate<OrderStatus> is(OrderStatus.State state) {
        return status -> status.state() == state;
    }

    /** The last order failed for this, and the next one waits. */
    private static Predicate<OrderStatus> pausesFor(String words) {
        return is(OrderStatus.State.WAITING)
                .and(status -> status.next().isPresent())
                .and(status -> status.toString().contains(words));
    }

    @Test
    void nothingIsOrderedBeforeItIsKnownWhoOrders() throws Exception {
        apply();
        assertThat(await(_ -> true).state()).isEqualTo(OrderStatus.State.WAITING);
        assertThat(asked).hasValue(0);
        orders.begin(Peers.NONE);
        await(is(OrderStatus.State.VALID));
        assertThat(asked).hasValue(1);
    }

    @Test
    void aBackupAsksNoCa() throws Exception {
        orders =
                ordering(
                        new Place.Elsewhere("web is backup here"),
                        Duration.ofMinutes(10),
                        () -> issued(NAME));
        apply();
        orders.begin(Peers.NONE);
        await(is(OrderStatus.State.ELSEWHERE));
        assertThat(asked).hasValue(0);
    }

    @Test
    void whatIsIssuedButNotWhatWasAskedForIsNotOrderedAgainAtOnce() throws Exception {
        orders =
                ordering(
                        new Place.Here(),
                        Duration.ofMinutes(10),
                        () -> issued("other.example.com"));
        apply();
        orders.begin(Peers.NONE);
        OrderStatus paused = await(pausesFor("its names have changed"));
        assertThat(paused.issued()).isEqualTo(1);
        assertThat(asked).hasValue(1);
    }

    @Test
    void whatCouldNotBeWrittenIsNotOrderedAgain() throws Exception {
        Path inTheWay = directory.resolve(".site.pem.new").resolve("in the way");
        orders =
                ordering(
                        new Place.Here(),
                        Duration.ofMinutes(10),
                        () -> {
                            Files.createDirectories(inTheWay);
                            return issued(NAME);
                        });
        apply();
        orders.begin(Peers.NONE);
        await(pausesFor("it could not be kept"));
        Files.delete(inTheWay);
        apply();
        await(is(OrderStatus.State.VALID));
        assertThat(asked).hasValue(1);
    }

    @Test
    void anOrderThatHangsIsBrokenOff() throws Exception {
        orders =
                ordering(
                        new Place.Here(),
                        Duration.ofMillis(1),
                        () -> {
                            new CountDownLatch(1).await();
                            return issued(NAME);
                        });
        apply();
        orders.begin(Peers.NONE);
        await(pausesFor("broken off"));
    }

    @Test
    void anOrderHasAThreadOfTheSystem() throws Exception {
        orders =
                ordering(
                        new Place.Here(),
                        Duration.ofMinutes(10),
                        () ->
                                issued(
                                        Thread.currentThread().isVirtual()
                                                ? "virtual.example.com"
                                                : NAME));
        apply();
        orders.begin(Peers.NONE);
        await(is(OrderStatus.State.VALID));
    }
}

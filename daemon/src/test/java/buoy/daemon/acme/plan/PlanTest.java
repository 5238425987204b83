package buoy.daemon.acme.plan;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Certificate.Acme;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final String CA = "https://acme.example/dir";
    private static final Acme WANTED = wanted(CA, "app.example.com", "www.example.com");
    private static final Place HERE = new Place.Here();
    private static final Place ELSEWHERE = new Place.Elsewhere("web is backup here");

    private static Acme wanted(String directory, String... names) {
        return new Acme(
                "site",
                directory,
                List.of(names),
                List.of(),
                Acme.KeyType.EC256,
                List.of(Acme.Challenge.HTTP_01, Acme.Challenge.TLS_ALPN_01),
                Optional.empty(),
                Path.of("/var/lib/buoy/acme/site.pem"));
    }

    private static Held held(Instant from, Duration lifetime) {
        return new Held(
                CA, Set.of("www.example.com", "app.example.com"), from, from.plus(lifetime));
    }

    private static Plan plan(Optional<Held> held, Place place, Trials trials) {
        return Plan.of(WANTED, held, place, trials, NOW);
    }

    @Test
    void whatIsNotThereIsOrdered() {
        assertThat(plan(Optional.empty(), HERE, Trials.NONE))
                .isEqualTo(new Plan.Order(Plan.Why.FIRST, Acme.Challenge.HTTP_01));
    }

    @Test
    void ofTwoHostsOneOrders() {
        assertThat(plan(Optional.empty(), ELSEWHERE, Trials.NONE))
                .isEqualTo(new Plan.Leave(Plan.Why.FIRST, "web is backup here"));
    }

    @Test
    void whatIsYoungIsLeftAlone() {
        Held young = held(NOW.minus(Duration.ofDays(10)), Duration.ofDays(90));
        assertThat(plan(Optional.of(young), HERE, Trials.NONE))
                .isEqualTo(new Plan.Rest(young.renewal(), "renewal"));
        assertThat(plan(Optional.of(young), ELSEWHERE, Trials.NONE))
                .isEqualTo(new Plan.Rest(young.renewal(), "renewal"));
    }

    @Test
    void whatIsOldIsRenewed() {
        Held old = held(NOW.minus(Duration.ofDays(64)), Duration.ofDays(90));
        assertThat(plan(Optional.of(old), HERE, Trials.NONE))
                .isEqualTo(new Plan.Order(Plan.Why.RENEWAL, Acme.Challenge.HTTP_01));
    }

    @Test
    void otherNamesOrAnotherCaAreAReason() {
        Optional<Held> young = Optional.of(held(NOW, Duration.ofDays(90)));
        assertThat(Plan.of(wanted(CA, "app.example.com"), young, HERE, Trials.NONE, NOW))
                .isEqualTo(new Plan.Order(Plan.Why.NAMES, Acme.Challenge.HTTP_01));
        Acme moved = wanted("https://other.example/dir", "app.example.com", "www.example.com");
        assertThat(Plan.of(moved, young, HERE, Trials.NONE, NOW))
                .isEqualTo(new Plan.Order(Plan.Why.AUTHORITY, Acme.Challenge.HTTP_01));
    }

    @Test
    void afterARefusalTheOtherChallengeIsTriedAfterAPause() {
        Trials once = Trials.NONE.failed(new Failure.Refused("no"), NOW);
        assertThat(plan(Optional.empty(), HERE, once))
                .isEqualTo(new Plan.Rest(NOW.plusSeconds(60), "next try"));
        Instant then = NOW.plusSeconds(60);
        assertThat(Plan.of(WANTED, Optional.empty(), HERE, once, then))
                .isEqualTo(new Plan.Order(Plan.Why.FIRST, Acme.Challenge.TLS_ALPN_01));
        Trials twice = once.failed(new Failure.Refused("no"), then);
        assertThat(Plan.of(WANTED, Optional.empty(), HERE, twice, then.plusSeconds(240)))
                .isEqualTo(new Plan.Order(Plan.Why.FIRST, Acme.Challenge.HTTP_01));
    }

    @Test
    void aCaThatIsAwayIsAskedTheSameAgain() {
        Trials away = Trials.NONE.failed(new Failure.Unreachable("refused"), NOW);
        assertThat(Plan.of(WANTED, Optional.empty(), HERE, away, NOW.plusSeconds(10)))
                .isEqualTo(new Plan.Order(Plan.Why.FIRST, Acme.Challenge.HTTP_01));
    }

    @Test
    void aReloadTriesAtOnceButForWhatTheCaHasAskedFor() {
        Trials refused = Trials.NONE.failed(new Failure.Refused("no"), NOW);
        assertThat(plan(Optional.empty(), HERE, refused.anew())).isInstanceOf(Plan.Order.class);
        Trials limited =
                Trials.NONE.failed(
                        new Failure.Limited("often", Optional.of(NOW.plusSeconds(7200))), NOW);
        assertThat(plan(Optional.empty(), HERE, limited.anew()))
                .isEqualTo(new Plan.Rest(NOW.plusSeconds(7200), "next try"));
    }

    @Test
    void aPauseFromBeforeTheClockWasSetBackIsOver() {
        Trials away = Trials.NONE.failed(new Failure.Refused("no"), NOW.plus(Duration.ofDays(9)));
        assertThat(plan(Optional.empty(), HERE, away)).isInstanceOf(Plan.Order.class);
    }

    @Property
    void renewalFallsBetweenTwoThirdsAndSevenTenths(
            @ForAll @IntRange(min = 60, max = 400 * 86400) int lifetime,
            @ForAll @IntRange(min = 0, max = 86400) int from) {
        Instant begins = NOW.plusSeconds(from);
        Duration life = Duration.ofSeconds(lifetime);
        Instant renewal = held(begins, life).renewal();
        assertThat(renewal)
                .isBetween(
                        begins.plus(life.multipliedBy(2).dividedBy(3)),
                        begins.plus(life.multipliedBy(7).dividedBy(10)));
    }

    @Test
    void certificatesOfOneAgeAreNotRenewedAllAtOnce() {
        Duration life = Duration.ofDays(90);
        assertThat(
                        Set.of("a", "b", "c", "d", "e").stream()
                                .map(name -> new Held(CA, Set.of(name), NOW, NOW.plus(life)))
                                .map(Held::renewal)
                                .distinct())
                .hasSizeGreaterThan(3);
    }

    @Property
    void pausesGrowAndAreBounded(@ForAll @IntRange(min = 1, max = 10_000) int times) {
        for (Failure why :
                List.of(
                        new Failure.Unreachable(""),
                        new Failure.Refused(""),
                        new Failure.Limited("", Optional.of(NOW.plus(Duration.ofDays(400)))),
                        new Failure.Limited("", Optional.of(NOW.minusSeconds(5))),
                        new Failure.Limited("", Optional.empty()))) {
            Duration pause = why.pause(times, NOW);
            assertThat(pause)
                    .isBetween(Duration.ofSeconds(10), Duration.ofDays(1))
                    .isLessThanOrEqualTo(why.pause(times + 1, NOW));
        }
    }

    @Test
    void refusalsStayBelowFiveAnHour() {
        Trials trials = Trials.NONE;
        Instant at = NOW;
        int tries = 0;
        while (at.isBefore(NOW.plus(Duration.ofHours(1)))) {
            tries++;
            trials = trials.failed(new Failure.Refused("no"), at);
            at = trials.pauseUntil().orElseThrow();
        }
        assertThat(tries).isLessThan(5);
    }
}

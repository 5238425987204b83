package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Track;
import buoy.vrrp.core.Priority;
import buoy.vrrp.track.Contribution;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Facts;
import buoy.vrrp.track.Subject;
import buoy.vrrp.track.Tracking;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrackingTest {
    private static final OptionalInt FAULT = OptionalInt.empty();
    private static final Path FILE = Path.of("/run/buoy/maintenance");

    /** Every kind that is well or not, by what a weight or none makes of its trouble. */
    static Stream<Track> weighing() {
        return tracks(OptionalInt.of(-20));
    }

    static Stream<Track> faulting() {
        return tracks(FAULT);
    }

    private static Stream<Track> tracks(OptionalInt weight) {
        return Stream.of(
                new Track.ListenerDown("https", weight),
                new Track.InterfaceDown("eth1", weight),
                script(weight),
                new Track.ProcessGone("postgres", weight));
    }

    private static Track script(OptionalInt weight) {
        return new Track.Script(
                List.of("/usr/local/bin/check", "--fast"),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                3,
                2,
                weight,
                Optional.of("nobody"));
    }

    @Test
    void weightsAddUp() {
        VirtualRouter router =
                tracking(150, new Track.PoolWeight("a", 2, -60), new Track.PoolWeight("b", 1, 5));
        assertThat(Tracking.of(router, facts(up("a", 1), up("b", 0))))
                .isEqualTo(
                        new Tracking(
                                new Priority(95),
                                List.of(
                                        weight("pool a has 1 server up, below 2", -60),
                                        weight("pool b has 0 servers up, below 1", 5)),
                                List.of()));
        assertThat(Tracking.of(router, facts(up("a", 2), up("b", 1)))).isEqualTo(untouched(150));
    }

    @ParameterizedTest
    @MethodSource({"weighing", "faulting"})
    void whatNobodyHasToldAboutContributesNothing(Track track) {
        VirtualRouter router =
                tracking(150, track, new Track.PoolFault("a", 1), new Track.NumberInFile(FILE, -1));
        Tracking tracking = Tracking.of(router, Facts.NONE);
        assertThat(tracking.effective()).isEqualTo(new Priority(150));
        assertThat(tracking.contributions()).isEmpty();
        assertThat(tracking.unknown())
                .containsExactly(
                        Tracking.subject(track).inWords(), "pool a", "file /run/buoy/maintenance");
    }

    @ParameterizedTest
    @MethodSource("weighing")
    void troubleAddsItsWeight(Track track) {
        Tracking tracking = Tracking.of(tracking(150, track), facts(trouble(track)));
        assertThat(tracking)
                .isEqualTo(
                        new Tracking(new Priority(130), List.of(weight("is bad", -20)), List.of()));
        assertThat(tracking.fault()).isEmpty();
        assertThat(tracking.told()).isEqualTo(new Priority(130));
    }

    @ParameterizedTest
    @MethodSource("faulting")
    void troubleWithoutAWeightIsAFault(Track track) {
        Tracking tracking = Tracking.of(tracking(150, track), facts(trouble(track)));
        assertThat(tracking.fault()).contains("is bad");
        assertThat(tracking.effective()).isEqualTo(new Priority(150));
        assertThat(tracking.told()).isEqualTo(Priority.RESIGN);
        assertThat(tracking.contributions().getFirst().inWords()).isEqualTo("is bad (fault)");
    }

    @ParameterizedTest
    @MethodSource({"weighing", "faulting"})
    void troubleThatIsOverOrNoLongerWatchedContributesNothing(Track track) {
        VirtualRouter router = tracking(150, track);
        Facts bad = facts(trouble(track));
        Subject subject = Tracking.subject(track);
        assertThat(Tracking.of(router, bad.with(new Fact.Good(subject)))).isEqualTo(untouched(150));
        assertThat(Tracking.of(router, bad.with(new Fact.Unknown(subject))).contributions())
                .isEmpty();
    }

    @Test
    void everyFaultIsNamed() {
        VirtualRouter router =
                tracking(
                        150,
                        new Track.InterfaceDown("eth1", FAULT),
                        new Track.ProcessGone("postgres", FAULT));
        Facts facts =
                facts(
                        new Fact.Trouble(new Subject.Interface("eth1"), "interface eth1 is down"),
                        new Fact.Trouble(new Subject.ProcessName("postgres"), "no postgres runs"));
        assertThat(Tracking.of(router, facts).fault())
                .contains("interface eth1 is down; no postgres runs");
    }

    @Test
    void theNumberInAFileIsMultiplied() {
        VirtualRouter router = tracking(150, new Track.NumberInFile(FILE, -2));
        assertThat(Tracking.of(router, facts(number(30))))
                .isEqualTo(
                        new Tracking(
                                new Priority(90),
                                List.of(weight("file /run/buoy/maintenance says 30", -60)),
                                List.of()));
        assertThat(Tracking.of(router, facts(number(0)))).isEqualTo(untouched(150));
        assertThat(Tracking.of(router, facts(number(-20))).effective())
                .isEqualTo(new Priority(190));
        assertThat(Tracking.of(router, facts(number(Integer.MIN_VALUE))).effective())
                .isEqualTo(new Priority(254));
        assertThat(Tracking.of(router, facts(number(Integer.MAX_VALUE))).effective())
                .isEqualTo(Priority.LAST_RESORT);
    }

    @Test
    void aFaultedPoolIsTheLastResortWhateverTheWeights() {
        VirtualRouter router =
                tracking(150, new Track.PoolFault("a", 1), new Track.PoolWeight("b", 1, 100));
        Tracking tracking = Tracking.of(router, facts(up("a", 0), up("b", 0)));
        assertThat(tracking.effective()).isEqualTo(Priority.LAST_RESORT);
        assertThat(tracking.told()).isEqualTo(Priority.LAST_RESORT);
        assertThat(tracking.fault()).isEmpty();
        assertThat(tracking.contributions().getFirst().inWords())
                .isEqualTo("pool a has 0 servers up, below 1 (last resort)");
    }

    @Test
    void aHungWorkerMakesEveryRouterTheLastResort() {
        Facts facts = facts(new Fact.Trouble(new Subject.Workers(), "worker 1 hangs"));
        assertThat(Tracking.of(tracking(150), facts).effective()).isEqualTo(Priority.LAST_RESORT);
    }

    @Test
    void aFaultOutweighsTheLastResort() {
        VirtualRouter router =
                tracking(150, new Track.PoolFault("a", 1), new Track.InterfaceDown("eth1", FAULT));
        Facts facts =
                facts(
                        up("a", 0),
                        new Fact.Trouble(new Subject.Interface("eth1"), "interface eth1 is down"));
        assertThat(Tracking.of(router, facts).told()).isEqualTo(Priority.RESIGN);
    }

    @Test
    void anOwnerTracksNothing() {
        Facts facts = facts(new Fact.Trouble(new Subject.Workers(), "worker 1 hangs"));
        assertThat(Tracking.of(tracking(255), facts)).isEqualTo(untouched(255));
    }

    @Test
    void whatIsKnownAlreadyIsNoNews() {
        Facts facts = facts(up("a", 1));
        assertThat(facts.with(up("a", 1))).isSameAs(facts);
        assertThat(facts.with(new Fact.Unknown(new Subject.Pool("b")))).isSameAs(facts);
        assertThat(facts.with(up("a", 2))).isNotSameAs(facts);
    }

    @Property(tries = 300)
    void theEffectivePriorityNeverLeavesItsBounds(
            @ForAll @IntRange(min = 1, max = 254) int priority,
            @ForAll @IntRange(min = -254, max = 254) int one,
            @ForAll @IntRange(min = -254, max = 254) int other,
            @ForAll int number) {
        VirtualRouter router =
                tracking(
                        priority,
                        new Track.PoolWeight("a", 1, one),
                        new Track.PoolWeight("a", 1, other),
                        new Track.NumberInFile(FILE, other));
        assertThat(Tracking.of(router, facts(up("a", 0), number(number))).effective().value())
                .isBetween(1, 254);
    }

    private static VirtualRouter tracking(int priority, Track... tracks) {
        return Routers.web().priority(priority).tracking(tracks).router();
    }

    private static Facts facts(Fact... all) {
        return Stream.of(all).reduce(Facts.NONE, Facts::with, (one, _) -> one);
    }

    private static Fact up(String pool, int count) {
        return new Fact.ServersUp(new Subject.Pool(pool), count);
    }

    private static Fact number(int value) {
        return new Fact.NumberRead(new Subject.File(FILE), value);
    }

    private static Fact trouble(Track track) {
        return new Fact.Trouble(Tracking.subject(track), "is bad");
    }

    private static Contribution weight(String cause, int amount) {
        return new Contribution(cause, Contribution.Kind.WEIGHT, amount);
    }

    private static Tracking untouched(int priority) {
        return new Tracking(new Priority(priority), List.of(), List.of());
    }
}

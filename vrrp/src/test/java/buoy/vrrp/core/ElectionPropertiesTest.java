package buoy.vrrp.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for the election whatever happens to it, in whatever order. */
class ElectionPropertiesTest {
    private static final InetAddress SELF = InetAddress.ofLiteral("198.51.100.100");

    /** An event after a pause. The priority of a tracked change is that of the advert. */
    record Happening(Duration pause, Event event) {}

    @Property(tries = 1000)
    void addressesAndEffectsAgree(
            @ForAll("rules") Rules rules, @ForAll("stories") List<Happening> story) {
        replay(
                rules,
                story,
                (before, event, step, now) -> {
                    boolean held = before.holdsAddresses();
                    boolean holds = step.state().holdsAddresses();
                    List<Effect> effects = step.effects();
                    if (!held && holds) {
                        assertThat(effects)
                                .hasSize(3)
                                .startsWith(new Effect.Send(rules.priority()))
                                .endsWith(
                                        new Effect.ClaimAddresses(),
                                        new Effect.AnnounceToNeighbours());
                    }
                    if (held && !holds) {
                        assertThat(effects).endsWith(new Effect.ReleaseAddresses());
                    }
                    if (!holds) {
                        assertThat(effects)
                                .doesNotContain(
                                        new Effect.ClaimAddresses(),
                                        new Effect.AnnounceToNeighbours());
                    }
                    if (holds) {
                        assertThat(effects).doesNotContain(new Effect.ReleaseAddresses());
                    }
                    if (!step.state().getClass().equals(before.getClass())) {
                        assertThat(step.cause()).isNotBlank();
                    }
                });
    }

    @Property(tries = 1000)
    void aDeadlineReachedIsFollowedByOneInTheFuture(
            @ForAll("rules") Rules rules, @ForAll("stories") List<Happening> story) {
        replay(
                rules,
                story,
                (_, event, step, now) -> {
                    if (event instanceof Event.DeadlineReached) {
                        step.state()
                                .deadline()
                                .ifPresent(next -> assertThat(next.since(now)).isPositive());
                    }
                });
    }

    @Property(tries = 1000)
    void nothingThatArrivesMakesAnActiveRouterSilent(
            @ForAll("rules") Rules rules, @ForAll("stories") List<Happening> story) {
        replay(
                rules,
                story,
                (_, event, step, now) -> {
                    if (event instanceof Event.Received
                            && step.state() instanceof State.Active active) {
                        assertThat(active.nextAdvertAt().since(now))
                                .isLessThanOrEqualTo(rules.interval());
                    }
                });
    }

    @Property(tries = 300)
    void aFloodIsAnsweredByFewMessages(@ForAll("rules") Rules rules) {
        Election election = new Election(rules);
        Ticks now = new Ticks(0);
        State state = election.on(new State.Initialize(), new Event.Started(), now).state();
        now = state.deadline().orElseThrow();
        state = election.on(state, new Event.DeadlineReached(), now).state();
        Event lesser = advert(rules.priority().isOwner() ? 254 : 0, "198.51.100.2", rules);
        int sent = 0;
        int announced = 0;
        // A thousand in one interval, each deadline met as well.
        for (int i = 0; i < 1000; i++) {
            now = now.plus(rules.interval().dividedBy(1000));
            for (Event event : List.of(lesser, new Event.DeadlineReached())) {
                Step step = election.on(state, event, now);
                state = step.state();
                sent += (int) step.effects().stream().filter(Effect.Send.class::isInstance).count();
                announced +=
                        (int)
                                step.effects().stream()
                                        .filter(Effect.AnnounceToNeighbours.class::isInstance)
                                        .count();
            }
        }
        assertThat(sent).isBetween(1, Election.ANSWERS_PER_INTERVAL + 1);
        assertThat(announced).isLessThanOrEqualTo((int) rules.interval().toSeconds() + 1);
    }

    private interface Check {
        void check(State before, Event event, Step step, Ticks now);
    }

    /** Replays it under rules that never change, and meets deadlines only when the story does. */
    private static void replay(Rules rules, List<Happening> story, Check check) {
        Election election = new Election(rules);
        State state = new State.Initialize();
        Ticks now = new Ticks(Long.MAX_VALUE - Duration.ofSeconds(10).toNanos());
        for (Happening happening : story) {
            now = now.plus(happening.pause());
            Step step = election.on(state, happening.event(), now);
            check.check(state, happening.event(), step, now);
            state = step.state();
        }
    }

    private static Event advert(int priority, String from, Rules rules) {
        Advert advert = new Advert(7, new Priority(priority), rules.interval(), List.of());
        return new Event.Received(advert, InetAddress.ofLiteral(from), new Standpoint(SELF, true));
    }

    @Provide
    Arbitrary<Rules> rules() {
        return Combinators.combine(
                        Arbitraries.of(Version.values()),
                        Arbitraries.of(1, 99, 100, 101, 254, 255),
                        Arbitraries.of(1, 2, 5, 40).map(Duration::ofSeconds),
                        Arbitraries.of(true, false),
                        Arbitraries.of(0, 3).map(Duration::ofSeconds))
                .as(
                        (version, priority, interval, preempt, delay) ->
                                new Rules(
                                        version,
                                        new Priority(priority),
                                        version == Version.V3 && delay.isZero()
                                                ? interval.dividedBy(100)
                                                : interval,
                                        preempt,
                                        delay));
    }

    @Provide
    Arbitrary<List<Happening>> stories() {
        Arbitrary<Event> adverts =
                Combinators.combine(
                                Arbitraries.of(0, 1, 99, 100, 101, 255),
                                Arbitraries.of("198.51.100.2", "198.51.100.200"),
                                Arbitraries.of(10, 1000, 3000).map(Duration::ofMillis),
                                Arbitraries.of(true, false))
                        .as(
                                (priority, from, interval, settlesTies) ->
                                        new Event.Received(
                                                new Advert(
                                                        7,
                                                        new Priority(priority),
                                                        interval,
                                                        List.of()),
                                                InetAddress.ofLiteral(from),
                                                new Standpoint(SELF, settlesTies)));
        Arbitrary<Event> others =
                Arbitraries.of(
                        new Event.DeadlineReached(),
                        new Event.DeadlineReached(),
                        new Event.DeadlineReached(),
                        new Event.Started(),
                        new Event.LinkLost("down"),
                        new Event.Unfit("interface eth1 is down"),
                        new Event.StopRequested(),
                        new Event.ToldToWait("waiting"),
                        new Event.PriorityTracked(new Priority(200)),
                        new Event.PriorityTracked(Priority.LAST_RESORT));
        Arbitrary<Duration> pauses =
                Arbitraries.of(0, 1, 10, 100, 1000, 4000, 15_000).map(Duration::ofMillis);
        return Combinators.combine(pauses, Arbitraries.oneOf(adverts, others))
                .as(Happening::new)
                .list()
                .ofMaxSize(40)
                .map(
                        list -> {
                            List<Happening> started = new ArrayList<>();
                            started.add(new Happening(Duration.ZERO, new Event.Started()));
                            started.addAll(list);
                            return started;
                        });
    }
}

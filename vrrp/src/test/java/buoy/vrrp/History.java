package buoy.vrrp;

import buoy.vrrp.Happening.What;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Timing;
import buoy.vrrp.core.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One story as data: who is there, what the network does to datagrams, and what happens when. The
 * same history is always the same story.
 *
 * @param seed of what becomes of each datagram
 * @param lifetime of the virtual address in a host's kernel; zero for ever
 * @param preemptDelay of every member
 */
record History(
        long seed,
        Version version,
        Shape shape,
        Duration lifetime,
        Duration preemptDelay,
        Weather weather,
        List<Member> members,
        List<Moment> moments) {

    /** No clock goes faster or slower than by this part. */
    static final double MOST_DRIFT = 0.01;

    /**
     * @param drift how much faster than time its clock goes, in millionths
     */
    record Member(int priority, boolean preempts, Duration interval, Tracks tracks, int drift) {}

    /** What there is one election for on each host. */
    enum Shape {
        /** One router with one address. */
        SINGLE,
        /** One router with an address of either family. */
        BOTH_FAMILIES,
        /** Two routers that move together. */
        GROUP
    }

    /** What a member's pool means to it. */
    enum Tracks {
        NOTHING,
        WEIGHT,
        FAULT
    }

    /**
     * @param doubling the part of all datagrams that arrives twice
     */
    record Weather(Duration longestDelay, double doubling) {}

    /** Something happens this long after what happened before. */
    record Moment(Duration after, Happening happening) {}

    History {
        members = List.copyOf(members);
        moments = List.copyOf(moments);
    }

    History with(List<Member> otherMembers, List<Moment> otherMoments) {
        return new History(
                seed, version, shape, lifetime, preemptDelay, weather, otherMembers, otherMoments);
    }

    // ---- what it comes to ----

    /** Every interval that any member ever has. */
    private Stream<Duration> intervals() {
        return Stream.concat(
                members.stream().map(Member::interval),
                moments.stream()
                        .map(Moment::happening)
                        .flatMap(
                                happening ->
                                        happening
                                                        instanceof
                                                        Happening.To(
                                                                _,
                                                                What.Reload(_, var interval))
                                                ? Stream.of(interval)
                                                : Stream.empty()));
    }

    Duration longestInterval() {
        return intervals().max(Duration::compareTo).orElseThrow();
    }

    Duration shortestInterval() {
        return intervals().min(Duration::compareTo).orElseThrow();
    }

    /** The priorities that a member's configuration ever says. */
    List<Integer> priorities(int member) {
        List<Integer> priorities = new ArrayList<>();
        priorities.add(members.get(member).priority());
        for (Moment moment : moments) {
            if (moment.happening() instanceof Happening.To(int to, What.Reload(int priority, _))
                    && to == member) {
                priorities.add(priority);
            }
        }
        return priorities;
    }

    /**
     * How long after the last fault there must be one active router, the right one: the slowest
     * Active_Down_Interval, by the slowest clock, and what datagrams take: the last one of before,
     * what is said because of it, and the word of who takes over. Where one of lower priority may
     * come first and is tolerated, that long and once more.
     */
    Duration calming() {
        Duration down = Timing.activeDown(version, Priority.LAST_RESORT, longestInterval());
        Duration all = preemptDelay.isZero() ? down : down.plus(preemptDelay).plus(down);
        return bySlowestClock(all).plus(weather.longestDelay().multipliedBy(3)).plusMillis(1);
    }

    /** How long two that hear each other may both be active. */
    Duration longestOverlap() {
        return bySlowestClock(longestInterval())
                .plus(weather.longestDelay().multipliedBy(2))
                .plusMillis(1);
    }

    private static Duration bySlowestClock(Duration duration) {
        return duration.plus(Duration.ofNanos((long) (duration.toNanos() * 1.1 * MOST_DRIFT)));
    }
}

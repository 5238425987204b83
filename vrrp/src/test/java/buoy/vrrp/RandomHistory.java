package buoy.vrrp;

import buoy.vrrp.Happening.What;
import buoy.vrrp.History.Member;
import buoy.vrrp.History.Moment;
import buoy.vrrp.History.Shape;
import buoy.vrrp.History.Tracks;
import buoy.vrrp.History.Weather;
import buoy.vrrp.core.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Draws a {@link History}: short ones with few members, because that is where nearly every mistake
 * shows already, and with values that meet often (equal priorities, events at one instant).
 */
final class RandomHistory {
    private final Random random;
    private final boolean v2;
    private final Duration interval;
    private final List<Member> members = new ArrayList<>();

    private RandomHistory(long seed) {
        random = new Random(seed);
        v2 = random.nextInt(4) == 0;
        interval =
                v2
                        ? Duration.ofSeconds(oneOf(1, 2))
                        : Duration.ofMillis(oneOf(10, 20, 100, 1000, 1000, 2000));
    }

    static History of(long seed) {
        return new RandomHistory(seed).draw(seed);
    }

    private History draw(long seed) {
        Duration lifetime = Duration.ofSeconds(random.nextInt(4));
        Duration preemptDelay =
                random.nextInt(6) == 0
                        ? interval.multipliedBy(1 + random.nextInt(8))
                        : Duration.ZERO;
        Weather weather =
                new Weather(
                        oneOf(
                                Duration.ZERO,
                                interval.dividedBy(1000),
                                interval.dividedBy(20),
                                interval.dividedBy(2)),
                        oneOf(0.0, 0.0, 0.3));
        Shape shape =
                v2
                        ? oneOf(Shape.SINGLE, Shape.SINGLE, Shape.GROUP)
                        : oneOf(Shape.SINGLE, Shape.SINGLE, Shape.BOTH_FAMILIES, Shape.GROUP);
        drawMembers();
        List<Moment> moments = new ArrayList<>();
        for (int count = 2 + random.nextInt(7); count > 0; count--) {
            moments.add(new Moment(pause(), happening()));
        }
        return new History(
                seed,
                v2 ? Version.V2 : Version.V3,
                shape,
                lifetime,
                preemptDelay,
                weather,
                members,
                moments);
    }

    private void drawMembers() {
        int preempting = random.nextInt(10);
        boolean mismatched = !v2 && random.nextInt(8) == 0;
        Tracks tracks = oneOf(Tracks.NOTHING, Tracks.WEIGHT, Tracks.FAULT);
        int drift = oneOf(0, 0, 1000, (int) (History.MOST_DRIFT * 1_000_000));
        for (int count = oneOf(2, 2, 2, 3, 3, 4); count > 0; count--) {
            members.add(
                    new Member(
                            priority(),
                            preempting < 6 || (preempting < 8 && random.nextBoolean()),
                            mismatched ? otherInterval() : interval,
                            tracks,
                            drift == 0 ? 0 : random.nextInt(-drift, drift)));
        }
    }

    private int priority() {
        return oneOf(1, 50, 100, 100, 100, 150, 200, 254, 255);
    }

    private Duration otherInterval() {
        return random.nextBoolean() ? interval : interval.multipliedBy(5);
    }

    /** Nothing at all, a part of an interval, of what it takes to take over, or a little more. */
    private Duration pause() {
        long nanos = interval.toNanos();
        return Duration.ofNanos(
                switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> random.nextLong(nanos);
                    case 2 -> random.nextLong(4 * nanos);
                    default -> random.nextLong(4 * nanos, 6 * nanos);
                });
    }

    private Happening happening() {
        return switch (random.nextInt(6)) {
            case 0 ->
                    switch (random.nextInt(4)) {
                        case 0, 1 -> new Happening.Heal();
                        case 2 -> new Happening.Lose(oneOf(0.0, 0.2, 0.6));
                        default -> new Happening.Stranger(oneOf(0, 1, 100, 150, 254));
                    };
            default -> new Happening.To(random.nextInt(members.size()), what());
        };
    }

    private What what() {
        return switch (random.nextInt(20)) {
            case 0, 1 -> new What.Freeze();
            case 2, 3 -> new What.Thaw();
            case 4 -> random.nextBoolean() ? new What.Pause() : new What.GoOn();
            case 5 -> new What.Kill();
            case 6 -> new What.Stop();
            case 7, 8 -> new What.Start();
            case 9, 10 -> new What.Cut(random.nextInt(3));
            case 11 -> random.nextBoolean() ? new What.Unplug() : new What.Plug();
            case 12, 13 -> new What.Reload(priority(), v2 ? interval : otherInterval());
            case 14, 15, 16 -> new What.Pool(random.nextBoolean());
            case 17 -> new What.Remove();
            case 18 ->
                    random.nextBoolean()
                            ? new What.Refuse(oneOf("claim", "send", "receive", "release"))
                            : new What.Allow();
            default -> new What.Garbage();
        };
    }

    @SafeVarargs
    private <T> T oneOf(T... all) {
        return all[random.nextInt(all.length)];
    }
}

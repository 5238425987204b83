package buoy.config;

import buoy.config.model.VirtualRouter.Announce;
import buoy.config.model.VirtualRouter.Version;
import java.time.Duration;

/** What {@code vrrp.NAME} says about time: when it speaks, takes over and lets go. */
record RouterTimes(
        Duration advertise,
        boolean preempt,
        Duration preemptDelay,
        Duration startDelay,
        Duration lifetime,
        Announce announce) {
    private static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(3);

    static RouterTimes read(Section s, Version version, int priority) {
        Duration advertise = s.get("advertise", advertise(version), Duration.ofSeconds(1));
        boolean preempt = s.get("preempt", Numbers.BOOL, true);
        Duration preemptDelay =
                s.get(
                        "preempt-delay",
                        Durations.between(Duration.ZERO, Duration.ofDays(1)),
                        Duration.ZERO);
        judgePreemption(s, priority, preempt, preemptDelay);
        Duration startDelay =
                s.get(
                        "start-delay",
                        Durations.between(Duration.ZERO, Duration.ofHours(1)),
                        Duration.ZERO);
        Duration lifetime = lifetime(s, advertise, version, priority);
        Announce announce = s.within("announce", RouterTimes::announce);
        return new RouterTimes(advertise, preempt, preemptDelay, startDelay, lifetime, announce);
    }

    private static void judgePreemption(
            Section s, int priority, boolean preempt, Duration preemptDelay) {
        if (!preempt && priority == RouterReader.OWNER) {
            s.warn("preempt", "has no effect: the owner of the addresses always takes over");
        }
        if (!preempt && !preemptDelay.isZero()) {
            s.warn("preempt-delay", "has no effect beside preempt: false");
        }
    }

    /** RFC 9568 5.2.7: 12 bits of centiseconds; RFC 3768 5.3.7: 8 bits of seconds. */
    private static Format<Duration> advertise(Version version) {
        return switch (version) {
            case V3 ->
                    Durations.between(Duration.ofMillis(10), Duration.ofMillis(40_950))
                            .then(
                                    d ->
                                            d.toMillis() % 10 == 0
                                                    ? Parsed.ok(d)
                                                    : Parsed.wrong(
                                                            "must be in steps of 10ms, got "
                                                                    + Durations.text(d)));
            case V2 ->
                    Durations.between(Duration.ofSeconds(1), Duration.ofSeconds(255))
                            .then(RouterTimes::wholeSeconds);
        };
    }

    private static Parsed<Duration> wholeSeconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? Parsed.ok(duration)
                : Parsed.wrong("must be whole seconds, got " + Durations.text(duration));
    }

    private static Duration lifetime(Section s, Duration advertise, Version version, int priority) {
        Duration lifetime =
                s.get(
                        "lifetime",
                        Durations.between(Duration.ZERO, Duration.ofDays(1))
                                .then(RouterTimes::wholeSeconds),
                        DEFAULT_LIFETIME);
        // RFC 9568 6.1: a peer takes over after the active-down time. From then on until the
        // lifetime
        // ends, a host whose process hangs and the new active one both answer.
        Duration skewBase = version == Version.V2 ? Duration.ofSeconds(1) : advertise;
        Duration activeDown =
                advertise
                        .multipliedBy(3)
                        .plus(skewBase.multipliedBy(256 - priority).dividedBy(256));
        Duration sensible =
                DEFAULT_LIFETIME.compareTo(activeDown) > 0
                        ? DEFAULT_LIFETIME
                        : Duration.ofSeconds(activeDown.toSeconds() + 1);
        if (lifetime.compareTo(sensible) > 0) {
            s.warn(
                    "lifetime",
                    ("is long beside advertise: after this process dies a peer takes over within"
                                    + " %dms, and until %s have passed both hosts answer for the"
                                    + " addresses (write %s or less)")
                            .formatted(
                                    activeDown.toMillis(),
                                    Durations.text(lifetime),
                                    Durations.text(sensible)));
        }
        return lifetime;
    }

    private static Announce announce(Section s) {
        Duration hour = Duration.ofHours(1);
        return new Announce(
                s.get("repeat", Numbers.between(1, 100), 5),
                s.get(
                        "every",
                        Durations.between(Duration.ofMillis(10), hour),
                        Duration.ofSeconds(1)),
                s.get(
                        "refresh",
                        Durations.between(Duration.ZERO, Duration.ofDays(1))
                                .then(RouterTimes::offOrASecond),
                        Duration.ZERO));
    }

    private static Parsed<Duration> offOrASecond(Duration refresh) {
        return refresh.isZero() || refresh.compareTo(Duration.ofSeconds(1)) >= 0
                ? Parsed.ok(refresh)
                : Parsed.wrong("must be 0s (off) or at least 1s, got " + Durations.text(refresh));
    }
}

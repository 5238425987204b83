package buoy.vrrp;

import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Watches a {@link Story} and remembers the first property that did not hold: what each host may do
 * ({@link HostWatch}), and what must be true of all of them together.
 */
final class LanWatch implements SimulatedLan.Witness {
    /** What a pool without servers costs where it has a weight. */
    static final int WEIGHT = -60;

    private static final long NEVER = Long.MIN_VALUE;
    private static final long RECOVERY = Duration.ofSeconds(11).toNanos();

    private final SimulatedLan lan;
    private final Telling telling;
    private final List<HostWatch> hosts = new ArrayList<>();
    private final long calming;
    private final long longestOverlap;

    /** Since when two hosts are both active and hear each other, with no fault since. */
    private final long[][] overlap;

    /** No advertisement can arrive after those who heard a later resignation have acted on it. */
    private final boolean inOrder;

    private long disturbedAt;

    /** There was one active router, and since then nothing happened that may lose the address. */
    private boolean kept;

    private Optional<String> broken = Optional.empty();

    LanWatch(History history, SimulatedLan lan, Telling telling) {
        this.lan = lan;
        this.telling = telling;
        this.calming = history.calming().toNanos();
        this.inOrder =
                history.weather()
                                .longestDelay()
                                .compareTo(
                                        Timing.skew(
                                                history.version(),
                                                Priority.OWNER,
                                                history.shortestInterval()))
                        < 0;
        this.longestOverlap = history.longestOverlap().toNanos();
        this.overlap = new long[lan.hosts.size()][lan.hosts.size()];
        lan.hosts.forEach(host -> hosts.add(new HostWatch(history, host, this)));
        forgive();
    }

    Optional<String> broken() {
        return broken;
    }

    void broken(SimulatedHost host, String what) {
        broken("lb" + (host.index + 1) + " " + what);
    }

    private void broken(String what) {
        if (broken.isEmpty()) {
            broken = Optional.of(what);
            telling.ends(lan.elapsed(), what);
        }
    }

    // ---- what happens ----

    void happens(Happening happening) {
        telling.happens(lan.elapsed(), happening);
        if (happening instanceof Happening.To(int member, var what)) {
            hosts.get(member).happens(what);
        }
        if (!happening.isHarmless()) {
            forgive();
            kept &= happening.isPlanned();
        }
        if (happening instanceof Happening.To(_, Happening.What.Allow _)) {
            // What the kernel refused is not tried again at once.
            disturbedAt += RECOVERY;
        }
        if (happening instanceof Happening.To(_, Happening.What.Start _)) {
            disturbedAt = Math.max(disturbedAt, lan.elapsed());
        }
    }

    private void forgive() {
        disturbedAt = Math.max(disturbedAt, lan.elapsed());
        for (long[] row : overlap) {
            java.util.Arrays.fill(row, NEVER);
        }
    }

    @Override
    public void sends(SimulatedHost host, byte[] message) {
        telling.sends(lan.elapsed(), host.index, message[2] & 0xff);
        hosts.get(host.index).sends(message);
    }

    @Override
    public void reads(SimulatedHost host, Datagram datagram) {
        hosts.get(host.index).reads(datagram);
    }

    @Override
    public void tells(SimulatedHost host, VrrpEvent event) {
        // What its other router does, if it has one, must show in its addresses.
        if (event instanceof VrrpEvent.Transition(var router, _, var to, var cause, _)
                && router.equals("web")) {
            telling.becomes(lan.elapsed(), host.index, to, cause);
            hosts.get(host.index).becomes(to);
        }
    }

    @Override
    public void rests(SimulatedHost host) {
        hosts.get(host.index).rests();
        hosts.forEach(HostWatch::expires);
        overlaps();
        if (lan.loss == 0 && lan.elapsed() - disturbedAt > calming) {
            oneActiveInEachSegment();
        }
        if (kept && hosts.stream().noneMatch(HostWatch::isActive)) {
            broken("nobody has the address, and nothing happened that may lose it");
        }
    }

    void atTheEnd() {
        hosts.forEach(HostWatch::expires);
        oneActiveInEachSegment();
    }

    private void overlaps() {
        for (int i = 0; i < hosts.size(); i++) {
            for (int j = i + 1; j < hosts.size(); j++) {
                boolean both = hosts.get(i).isActive() && hosts.get(j).isActive();
                // While both offer it both are silent, for a bounded time.
                boolean mute = hosts.get(i).isOffering() && hosts.get(j).isOffering();
                if (!both || mute || segment(i) != segment(j) || lan.loss > 0) {
                    overlap[i][j] = NEVER;
                } else if (overlap[i][j] == NEVER) {
                    overlap[i][j] = lan.elapsed();
                } else if (lan.elapsed() - overlap[i][j] > longestOverlap) {
                    broken(
                            "lb%d and lb%d hear each other and are both active for more than %s"
                                    .formatted(i + 1, j + 1, Duration.ofNanos(longestOverlap)));
                }
            }
        }
    }

    private int segment(int member) {
        return lan.hosts.get(member).segment;
    }

    private void oneActiveInEachSegment() {
        if (lan.hosts.stream().anyMatch(host -> !host.refused.isEmpty())) {
            return; // whatever that one does, the others cannot know
        }
        boolean whole = true;
        for (int i = 0; i < hosts.size(); i++) {
            SimulatedHost host = lan.hosts.get(i);
            whole &= host.segment == segment(0);
            if (host.isSound()) {
                oneActiveBeside(i);
            }
        }
        kept = whole && inOrder && hosts.stream().anyMatch(HostWatch::isActive);
    }

    private void oneActiveBeside(int member) {
        int active = -1;
        for (int i = 0; i < hosts.size(); i++) {
            if (segment(i) == segment(member) && hosts.get(i).isActive()) {
                if (active >= 0) {
                    broken("lb%d and lb%d are both active".formatted(active + 1, i + 1));
                }
                active = i;
            }
        }
        if (active < 0) {
            broken(lan.hosts.get(member), "waits, and nobody is active");
        } else if (hosts.get(member).wantsToReplace(hosts.get(active).effectivePriority())) {
            broken(
                    lan.hosts.get(active),
                    "is active where lb%d is the right one".formatted(member + 1));
        }
    }
}

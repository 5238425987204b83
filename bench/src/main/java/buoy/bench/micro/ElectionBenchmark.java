package buoy.bench.micro;

import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Election;
import buoy.vrrp.core.Event;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Rules;
import buoy.vrrp.core.Standpoint;
import buoy.vrrp.core.State;
import buoy.vrrp.core.Step;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.core.Version;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the state machine makes of what happens all the time: a backup hears, an active one sends.
 */
@org.openjdk.jmh.annotations.State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ElectionBenchmark {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Ticks START = new Ticks(0);
    private static final Ticks LATER = START.plus(Duration.ofHours(1));

    private final Election election =
            new Election(new Rules(Version.V3, new Priority(100), INTERVAL, true, Duration.ZERO));
    private final Event heard =
            new Event.Received(
                    new Advert(51, new Priority(150), INTERVAL, List.of()),
                    InetAddress.ofLiteral("198.51.100.2"),
                    new Standpoint(InetAddress.ofLiteral("198.51.100.1"), true));
    private final Event due = new Event.DeadlineReached();
    private State backup = new State.Initialize();
    private State active = new State.Initialize();

    @Setup
    public void make() {
        backup = election.on(new State.Initialize(), new Event.Started(), START).state();
        active = election.on(backup, due, LATER).state();
        if (!(backup instanceof State.Backup) || !(active instanceof State.Active)) {
            throw new IllegalStateException("neither backup nor active: " + backup + active);
        }
    }

    /** A better router's advertisement: the timer begins anew. */
    @Benchmark
    public Step advertisementHeard() {
        return election.on(backup, heard, START);
    }

    /** The next advertisement is due. */
    @Benchmark
    public Step advertisementDue() {
        return election.on(active, due, LATER.plus(INTERVAL));
    }
}

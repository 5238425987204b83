package buoy.daemon.track;

import buoy.daemon.command.Command;
import buoy.daemon.command.Outcome;
import buoy.daemon.command.RunAs;
import buoy.daemon.command.Runner;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Subject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Runs one script again and again: from start to start as far apart as configured, and never twice
 * at one time. On a virtual thread of its own; an interrupt ends it, and kills what runs.
 */
final class ScriptWatch implements Runnable {
    private final Subject.Script script;
    private final Runner runner;
    private final Findings findings;
    private Streak streak;
    private String trouble = "";

    /**
     * @param before what is known of the same command under other settings
     */
    ScriptWatch(Subject.Script script, Runner runner, Findings findings, Optional<Fact> before) {
        this.script = script;
        this.runner = runner;
        this.findings = findings;
        Streak fresh = Streak.of(script.fall(), script.rise());
        this.streak =
                switch (before.orElse(new Fact.Unknown(script))) {
                    case Fact.Good _ -> fresh.startingFrom(true);
                    case Fact.Trouble(_, var why) -> {
                        trouble = why;
                        yield fresh.startingFrom(false);
                    }
                    case Fact.ServersUp _, Fact.NumberRead _, Fact.Unknown _ -> fresh;
                };
    }

    static String how(Subject.Script script) {
        return "every %d ms%s"
                .formatted(
                        script.every().toMillis(),
                        script.user().map(user -> " as " + user).orElse(""));
    }

    @Override
    public void run() {
        Command command =
                new Command(
                        script.command(),
                        Map.of(),
                        RunAs.userOrThisProcess(script.user()),
                        script.timeout());
        try {
            while (true) {
                long start = System.nanoTime();
                judge(runner.run(command));
                Duration taken = Duration.ofNanos(System.nanoTime() - start);
                Duration left = script.every().minus(taken);
                if (left.isPositive()) {
                    Thread.sleep(left);
                }
            }
        } catch (InterruptedException _) {
            // It is watched no longer.
        }
    }

    private void judge(Outcome outcome) {
        Optional<String> failure = outcome.failure();
        boolean wasBad = streak.good().isPresent() && !streak.isGood();
        streak = streak.after(failure.isEmpty());
        if (!streak.isGood() && !wasBad) {
            // Said as it was when it fell: what changes with every run is no news to a router.
            trouble = "%s failed: %s".formatted(script.inWords(), failure.orElse(""));
        }
        findings.found(
                streak.isGood() ? new Fact.Good(script) : new Fact.Trouble(script, trouble),
                failure.orElse("exit 0") + underWay());
    }

    private String underWay() {
        int needed = streak.isGood() ? streak.fall() : streak.rise();
        return streak.contrary() == 0
                ? ""
                : " (%d of %d in a row)".formatted(streak.contrary(), needed);
    }
}

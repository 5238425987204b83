package buoy.daemon;

import buoy.daemon.status.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the control thread has made of the process so far: published as a whole, read by anyone.
 *
 * @param notes what holds besides the configuration's own warnings
 */
record Running(
        Status.Phase phase,
        LoadedConfig configuration,
        List<String> notes,
        Optional<Status.Reload> lastReload,
        Status.ReloadCounts reloads) {
    Running {
        notes = List.copyOf(notes);
    }

    static Running starting(LoadedConfig configuration) {
        return new Running(
                Status.Phase.STARTING,
                configuration,
                List.of(),
                Optional.empty(),
                Status.ReloadCounts.NONE);
    }

    Running in(Status.Phase next) {
        return new Running(next, configuration, notes, lastReload, reloads);
    }

    Running with(LoadedConfig next, List<String> nextNotes) {
        return new Running(phase, next, nextNotes, lastReload, reloads);
    }

    Running after(ReloadOutcome outcome, Instant at) {
        Status.ReloadCounts counts =
                switch (outcome) {
                    case ReloadOutcome.Applied _ ->
                            new Status.ReloadCounts(
                                    reloads.applied() + 1, reloads.rejected(), reloads.refused());
                    case ReloadOutcome.Rejected _ ->
                            new Status.ReloadCounts(
                                    reloads.applied(), reloads.rejected() + 1, reloads.refused());
                    case ReloadOutcome.Refused _ ->
                            new Status.ReloadCounts(
                                    reloads.applied(), reloads.rejected(), reloads.refused() + 1);
                };
        return new Running(
                phase,
                configuration,
                notes,
                Optional.of(new Status.Reload(at, outcome.word(), outcome.lines())),
                counts);
    }
}

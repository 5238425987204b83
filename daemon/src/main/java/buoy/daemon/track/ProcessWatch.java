package buoy.daemon.track;

import buoy.linux.Kernel;
import buoy.linux.Poller;
import buoy.linux.ProcessEnd;
import buoy.linux.ProcessEvents;
import buoy.linux.SyscallFailed;
import buoy.linux.layout.ProcessEvent;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Subject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether processes of some names run. Of each name one process is watched, and when that ends the
 * list is read for another: so the end of the last one is heard of at once. That a process begins
 * is told by the kernel's process connector where there is one; elsewhere the list is read every
 * second. On {@link KernelWatch}'s thread.
 */
final class ProcessWatch {
    private static final Duration WITHOUT_EVENTS = Duration.ofSeconds(1);
    private static final Duration WITH_EVENTS = Duration.ofSeconds(10);
    private static final int MOST_EVENTS = 256;

    private final Kernel kernel;
    private final Poller poller;
    private final Findings findings;
    private final Map<Subject.ProcessName, Watched> names = new LinkedHashMap<>();
    private Optional<ProcessEvents> events = Optional.empty();

    /** Whether the kernel tells of processes. Read by other threads. */
    private volatile boolean told;

    private long listAt;

    /** The process watched, if there is one, and its end, if the kernel lets us wait for it. */
    private record Watched(OptionalInt process, Optional<ProcessEnd> end) {
        static final Watched NONE = new Watched(OptionalInt.empty(), Optional.empty());
    }

    ProcessWatch(Kernel kernel, Poller poller, Findings findings) {
        this.kernel = kernel;
        this.poller = poller;
        this.findings = findings;
        try {
            ProcessEvents opened = ProcessEvents.open(kernel);
            poller.watch(opened.fd());
            events = Optional.of(opened);
        } catch (SyscallFailed _) {
            // Then the list is read more often; how each is watched says so.
        }
    }

    void add(Subject.ProcessName name, long now) {
        names.put(name, Watched.NONE);
        list(now);
    }

    void remove(Subject.ProcessName name) {
        forget(names.remove(name));
    }

    /** Any thread. */
    String how() {
        return told
                ? "told by the kernel (process events)"
                : "an end at once (pidfd), a beginning within a second (/proc)";
    }

    /** Follows what has happened. */
    void act(long now) throws SyscallFailed {
        boolean changed = now - listAt >= 0;
        if (events.isPresent()) {
            for (ProcessEvent event : events.get().next(MOST_EVENTS)) {
                changed |= matters(event);
            }
        }
        for (Watched watched : names.values()) {
            changed |= watched.end().filter(end -> poller.isReady(end.fd())).isPresent();
        }
        if (changed && !names.isEmpty()) {
            list(now);
        }
    }

    private boolean matters(ProcessEvent event) {
        return switch (event) {
            case ProcessEvent.Subscribed(int errno) -> {
                told = errno == 0;
                yield false;
            }
            case ProcessEvent.Ended(int process) ->
                    names.values().stream()
                            .anyMatch(w -> w.process().equals(OptionalInt.of(process)));
            case ProcessEvent.Named(int process) -> isMissed(process);
            case ProcessEvent.Overrun _ -> true;
        };
    }

    /**
     * Whether it is one of a name of which there is none, or the one watched under another name.
     */
    private boolean isMissed(int process) {
        boolean mayMatter =
                names.values().stream()
                        .map(Watched::process)
                        .anyMatch(w -> w.isEmpty() || w.equals(OptionalInt.of(process)));
        if (!mayMatter) {
            return false;
        }
        Optional<String> name = Processes.nameOf(process);
        for (Map.Entry<Subject.ProcessName, Watched> each : names.entrySet()) {
            OptionalInt watched = each.getValue().process();
            boolean bears =
                    name.filter(Processes.asKernelHas(each.getKey().name())::equals).isPresent();
            boolean isWatched = watched.equals(OptionalInt.of(process));
            if (watched.isEmpty() ? bears : isWatched && !bears) {
                return true;
            }
        }
        return false;
    }

    private void list(long now) {
        listAt = now + (told ? WITH_EVENTS : WITHOUT_EVENTS).toNanos();
        Map<String, OptionalInt> running = Processes.running();
        for (Subject.ProcessName name : Set.copyOf(names.keySet())) {
            OptionalInt found =
                    running.getOrDefault(Processes.asKernelHas(name.name()), OptionalInt.empty());
            Watched before = names.getOrDefault(name, Watched.NONE);
            boolean ended = before.end().filter(end -> poller.isReady(end.fd())).isPresent();
            if (!before.process().equals(found) || ended) {
                forget(before);
                names.put(
                        name,
                        found.isPresent()
                                ? new Watched(found, endOf(found.getAsInt()))
                                : Watched.NONE);
            }
            findings.found(
                    found.isPresent()
                            ? new Fact.Good(name)
                            : new Fact.Trouble(name, "no process %s runs".formatted(name.name())),
                    found.isPresent()
                            ? "process %d runs".formatted(found.getAsInt())
                            : "none runs");
        }
    }

    private Optional<ProcessEnd> endOf(int process) {
        try {
            ProcessEnd end = ProcessEnd.of(kernel, process);
            poller.watch(end.fd());
            return Optional.of(end);
        } catch (SyscallFailed _) {
            // It has ended meanwhile, or the kernel is old: the list is read again soon.
            listAt = Math.min(listAt, System.nanoTime() + WITHOUT_EVENTS.toNanos());
            return Optional.empty();
        }
    }

    private void forget(@Nullable Watched watched) {
        if (watched != null && watched.end().isPresent()) {
            poller.unwatch(watched.end().get().fd());
            watched.end().get().close();
        }
    }

    /** When {@link #act} is due with nothing to be heard. */
    Optional<Long> dueAt() {
        return names.isEmpty() ? Optional.empty() : Optional.of(listAt);
    }

    void close() {
        names.values().forEach(this::forget);
        events.ifPresent(ProcessEvents::close);
    }
}

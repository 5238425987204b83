package buoy.daemon.track;

import buoy.config.model.VirtualRouter;
import buoy.daemon.command.Runner;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.linux.Kernel;
import buoy.linux.SyscallFailed;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Subject;
import buoy.vrrp.track.Tracking;
import buoy.vrrp.track.Word;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches whatever the configured routers track, each subject once, and passes on what is found. Of
 * pools the balancer tells by itself, and links are watched by VRRP.
 */
public final class Trackers implements AutoCloseable {
    private static final String SOURCE = "track";

    private final Kernel kernel;
    private final Runner runner;
    private final Consumer<Fact> facts;
    private final Log log;
    private final ListenerWatch listeners;

    // Guards what follows. Facts are passed on under it, so that the latest comes last.
    private final Object lock = new Object();
    private final Map<Subject, Watched> watched = new LinkedHashMap<>();
    private @Nullable KernelWatch kernelWatch;
    private List<Word> left = List.of();

    /** What is known of a subject, and what ends the watch over it. */
    private record Watched(
            Optional<Fact> fact,
            String seen,
            Optional<Instant> since,
            Runnable end,
            Supplier<String> how) {
        Watched saw(Fact next, String nextSeen, boolean changed) {
            Optional<Instant> from = changed ? Optional.of(Instant.now()) : since;
            return new Watched(Optional.of(next), nextSeen, from, end, how);
        }
    }

    /**
     * Watches nothing yet.
     *
     * @param accepting every listener there is, with why it does not accept, if so
     * @param hungWorkers see {@link WorkerWatch#hung}
     * @param facts told what changes; must not wait
     */
    public Trackers(
            Kernel kernel,
            Runner runner,
            Supplier<Map<String, Optional<String>>> accepting,
            Supplier<Map<Integer, String>> hungWorkers,
            Consumer<Fact> facts,
            Log log) {
        this.kernel = kernel;
        this.runner = runner;
        this.facts = facts;
        this.log = log;
        this.listeners = new ListenerWatch(accepting, hungWorkers, this::found);
    }

    /** What the process before this one knew: a script need not say it anew. */
    public void goOnFrom(List<Word> words) {
        synchronized (lock) {
            left = List.copyOf(words);
        }
    }

    /** Watches what these track, and nothing else from now on. */
    public void apply(Collection<VirtualRouter> routers) {
        Set<Subject> wanted = new LinkedHashSet<>();
        for (VirtualRouter router : routers) {
            router.tracks().forEach(track -> wanted.add(Tracking.subject(track)));
        }
        List<Subject.Listener> listening = new ArrayList<>();
        synchronized (lock) {
            Map<Subject, Watched> before = new LinkedHashMap<>(watched);
            for (Subject subject : wanted) {
                if (subject instanceof Subject.Listener listener) {
                    listening.add(listener);
                }
                if (!watched.containsKey(subject)) {
                    begin(subject, before);
                }
            }
            left = List.of();
            before.forEach(
                    (subject, gone) -> {
                        if (!wanted.contains(subject)) {
                            watched.remove(subject);
                            gone.end().run();
                            facts.accept(new Fact.Unknown(subject));
                        }
                    });
        }
        listeners.watch(listening);
        listeners.look();
    }

    private void begin(Subject subject, Map<Subject, Watched> before) {
        switch (subject) {
            case Subject.Script script -> begin(script, before);
            case Subject.File file -> {
                watch(subject, () -> onKernel().remove(file), () -> onKernel().howFiles());
                onKernel().add(file);
            }
            case Subject.ProcessName name -> {
                watch(subject, () -> onKernel().remove(name), () -> onKernel().howProcesses());
                onKernel().add(name);
            }
            case Subject.Listener _ -> watch(subject, () -> {}, () -> "four looks a second");
            case Subject.Pool _, Subject.Workers _, Subject.Interface _ -> {}
        }
    }

    private void watch(Subject subject, Runnable end, Supplier<String> how) {
        watched.put(subject, new Watched(Optional.empty(), "", Optional.empty(), end, how));
    }

    private void begin(Subject.Script script, Map<Subject, Watched> before) {
        Optional<Fact> known =
                knownOf(script, before)
                        .or(
                                () ->
                                        left.stream()
                                                .flatMap(word -> word.on(script).stream())
                                                .findFirst());
        Thread thread =
                Thread.ofVirtual()
                        .name(script.inWords())
                        .uncaughtExceptionHandler(
                                (_, bug) -> log.error(SOURCE, "a bug: " + script.inWords(), bug))
                        .unstarted(new ScriptWatch(script, runner, this::found, known));
        watch(script, thread::interrupt, () -> ScriptWatch.how(script));
        known.ifPresent(fact -> found(fact, "as before"));
        thread.start();
    }

    /**
     * The same command under other settings: a reload that changes one must not forget the rest.
     */
    private static Optional<Fact> knownOf(Subject.Script script, Map<Subject, Watched> before) {
        return before.entrySet().stream()
                .filter(
                        each ->
                                each.getKey() instanceof Subject.Script other
                                        && other.command().equals(script.command())
                                        && other.user().equals(script.user()))
                .flatMap(each -> each.getValue().fact().stream())
                .findFirst()
                .map(
                        fact ->
                                fact instanceof Fact.Trouble(_, var why)
                                        ? new Fact.Trouble(script, why)
                                        : new Fact.Good(script));
    }

    private KernelWatch onKernel() {
        KernelWatch running = kernelWatch;
        if (running == null) {
            try {
                running = KernelWatch.start(kernel, this::found, log);
            } catch (SyscallFailed e) {
                // eventfd: the kernel is out of files, and nothing else would work either.
                throw new IllegalStateException(e);
            }
            kernelWatch = running;
        }
        return running;
    }

    private void found(Fact fact, String seen) {
        synchronized (lock) {
            Watched before = watched.get(fact.subject());
            if (before == null) {
                return; // the last word of a watch that has been ended
            }
            boolean same = before.fact().filter(fact::equals).isPresent();
            watched.put(fact.subject(), before.saw(fact, seen, !same));
            if (!same) {
                facts.accept(fact);
                say(before.fact(), fact, seen);
            } else if (fact instanceof Fact.NumberRead && !seen.equals(before.seen())) {
                log.warn(SOURCE, "%s: %s".formatted(fact.subject().inWords(), seen));
            }
        }
    }

    private void say(Optional<Fact> before, Fact fact, String seen) {
        String what = fact.subject().inWords();
        Fields fields = Fields.event(EventKind.TRACKED).and("subject", what).and("seen", seen);
        switch (fact) {
            case Fact.Trouble(_, var why) -> log.warn(SOURCE, why, fields.and("state", "trouble"));
            case Fact.Good _ -> {
                if (before.isPresent()) {
                    log.info(SOURCE, what + ": is well again", fields.and("state", "good"));
                }
            }
            case Fact.NumberRead(_, int value) ->
                    log.info(
                            SOURCE,
                            "%s: %s".formatted(what, seen),
                            fields.and("state", "good").and("value", value));
            case Fact.ServersUp _, Fact.Unknown _ -> {}
        }
    }

    /** Looks at the listeners; to be called four times a second. */
    public void look() {
        listeners.look();
    }

    /** Everything watched, in the order configured; any thread. */
    public List<Tracked> status() {
        synchronized (lock) {
            List<Tracked> all = new ArrayList<>();
            watched.forEach(
                    (subject, each) ->
                            all.add(
                                    new Tracked(
                                            subject.inWords(),
                                            state(each.fact()),
                                            each.seen(),
                                            each.since(),
                                            each.how().get())));
            return all;
        }
    }

    private static Tracked.State state(Optional<Fact> fact) {
        if (fact.isEmpty()) {
            return Tracked.State.UNKNOWN;
        }
        return fact.get() instanceof Fact.Trouble ? Tracked.State.TROUBLE : Tracked.State.GOOD;
    }

    /** Ends every watch, and kills what runs for it. */
    @Override
    public void close() {
        synchronized (lock) {
            watched.values().forEach(each -> each.end().run());
            watched.clear();
            KernelWatch running = kernelWatch;
            if (running != null) {
                running.close();
            }
        }
    }
}

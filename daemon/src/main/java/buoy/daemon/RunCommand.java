package buoy.daemon;

import buoy.daemon.admin.AdminLock;
import buoy.daemon.admin.DoorRefused;
import buoy.daemon.lan.KernelFirewall;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.privilege.Settling;
import buoy.daemon.upgrade.Predecessor;
import buoy.linux.CoreDumps;
import buoy.linux.Kernel;
import buoy.linux.ProgramPages;
import buoy.linux.Signals;
import buoy.linux.SyscallFailed;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code buoy run}: from the configuration to the end of the process. */
final class RunCommand {
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final long startNanos;

    RunCommand(PrintStream out, PrintStream err, Map<String, String> environment, long startNanos) {
        this.out = out;
        this.err = err;
        this.environment = environment;
        this.startNanos = startNanos;
    }

    ExitCode run(String file) {
        return switch (LoadedConfig.read(Path.of(file), Instant.now())) {
            case LoadedConfig.Outcome.Bad(var problems) -> {
                problems.forEach(err::println);
                yield ExitCode.BAD_CONFIGURATION;
            }
            case LoadedConfig.Outcome.Good(var loaded) -> run(loaded);
        };
    }

    private ExitCode run(LoadedConfig loaded) {
        Kernel kernel = Kernel.load();
        Optional<String> refusal = Settling.settle(loaded.config(), kernel);
        if (refusal.isPresent()) {
            err.println("buoy: " + refusal.get());
            return ExitCode.REFUSED;
        }
        Optional<Predecessor> before;
        try {
            before = Predecessor.of(environment);
        } catch (IOException e) {
            err.println("buoy: cannot take over from the buoy that runs: " + e.getMessage());
            return ExitCode.REFUSED;
        }
        TakenOver taken = TakenOver.of(before);
        try (AdminLock lock = taken.lock(kernel, loaded.config().admin().socket());
                Log log = Log.open(loaded.config().log(), out)) {
            return run(loaded, kernel, log, lock, taken);
        } catch (DoorRefused | StartRefused refused) {
            taken.sorry(refused);
            err.println("buoy: " + refused.getMessage());
            return ExitCode.REFUSED;
        }
    }

    private ExitCode run(
            LoadedConfig loaded, Kernel kernel, Log log, AdminLock lock, TakenOver taken)
            throws StartRefused {
        log.info(
                "start",
                "%s with %s (%s): %s"
                        .formatted(
                                Version.line(),
                                loaded.file(),
                                loaded.hash(),
                                CheckCommand.summary(loaded.config())));
        loaded.warnings().forEach(warning -> log.warn("configuration", warning.toString()));
        leaveNoCoreDumps(kernel, log);
        AtomicBoolean reloadWanted = heedEarlySignals();
        ServiceManager serviceManager = ServiceManager.of(environment, log);
        Daemon daemon =
                Wiring.start(
                        loaded,
                        kernel,
                        new VrrpKernel(kernel, loaded.config().process().realTime(), log),
                        new KernelFirewall(kernel),
                        log,
                        serviceManager,
                        host(),
                        // Of the process: its configuration was read since.
                        Instant.now().minusNanos(System.nanoTime() - startNanos),
                        taken);
        daemon.mayBeSucceeded(lock);
        handleSignals(daemon, log);
        serviceManager.ready(loaded.hash());
        if (reloadWanted.get()) {
            log.info("signal", "HUP: reload, wanted during the start");
            var _ = daemon.reload();
        }
        long millis = Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
        log.info(
                "start",
                "ready after " + millis + " ms",
                Fields.event(EventKind.START).and("after-ms", millis));
        ProgramPages.giveBack(kernel);
        return daemon.await();
    }

    /**
     * What would end a process that is about to start: a reload is remembered, the others have
     * nothing to act on yet.
     *
     * @return whether a reload is wanted, until {@link #handleSignals}
     */
    private static AtomicBoolean heedEarlySignals() {
        AtomicBoolean reloadWanted = new AtomicBoolean();
        Signals.HUP.handle(_ -> reloadWanted.set(true));
        Signals.USR1.handle(_ -> {});
        Signals.USR2.handle(_ -> {});
        return reloadWanted;
    }

    /** There are keys in memory. */
    private static void leaveNoCoreDumps(Kernel kernel, Log log) {
        try {
            CoreDumps.turnOff(kernel);
        } catch (SyscallFailed e) {
            log.warn("start", "a crash may leave keys on disk: " + e.getMessage());
        }
    }

    private static void handleSignals(Daemon daemon, Log log) {
        Signals.HUP.handle(
                signal -> {
                    log.info("signal", signal + ": reload");
                    var _ = daemon.reload();
                });
        Signals.TERM.handle(signal -> stop(signal, daemon, log));
        Signals.INT.handle(signal -> stop(signal, daemon, log));
        Signals.USR1.handle(_ -> daemon.logState());
        Signals.USR2.handle(
                signal -> {
                    log.info("signal", signal + ": upgrade");
                    var _ = daemon.upgrade();
                });
    }

    private static void stop(Signals signal, Daemon daemon, Log log) {
        log.info("signal", signal + ": stop");
        daemon.stop();
    }

    /** As the kernel has it: no name service is asked. */
    private static String host() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
        } catch (IOException _) {
            return "unknown";
        }
    }
}

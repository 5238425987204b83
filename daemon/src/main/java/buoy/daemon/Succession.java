package buoy.daemon;

import buoy.daemon.admin.AdminLock;
import buoy.daemon.log.Log;
import buoy.daemon.upgrade.Passed;
import buoy.daemon.upgrade.Rehearsal;
import buoy.daemon.upgrade.Successor;
import buoy.daemon.upgrade.UpgradeFailed;
import buoy.linux.OwnCommand;
import buoy.vrrp.HandedOver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The upgrade in place, from the side of the process that runs: it has the program that is
 * installed now take its place. If that fails, it is said, and nothing has changed.
 */
final class Succession {
    private static final Duration TO_CHECK = Duration.ofMinutes(1);
    private static final Duration TO_START = Duration.ofMinutes(1);
    private static final Duration TO_FALL_SILENT = Duration.ofSeconds(1);

    private final Parts parts;
    private final Ending ending;
    private final Path admin;
    private final AdminLock lock;
    private final Consumer<CommandOutcome> told;
    private final Log log;

    /**
     * @param admin the socket of operators
     * @param told what came of it, before this process lets anybody go
     */
    Succession(
            Parts parts, Ending ending, Path admin, AdminLock lock, Consumer<CommandOutcome> told) {
        this.told = told;
        this.parts = parts;
        this.ending = ending;
        this.admin = admin;
        this.lock = lock;
        this.log = parts.log();
    }

    /** Does it. Waits, for as long as programs take to start. */
    CommandOutcome begin(StatsDoor stats) {
        Optional<String> inTheWay = UpgradeLimits.of(parts.balancer().status().transport());
        if (inTheWay.isPresent()) {
            return refused(List.of(inTheWay.get()));
        }
        try {
            List<String> command = OwnCommand.words();
            log.info(
                    "upgrade", "asking the program that is installed now whether it can take over");
            List<String> problems = Rehearsal.problems(command, TO_CHECK);
            if (!problems.isEmpty()) {
                return refused(problems);
            }
            log.info("upgrade", "starting the program that is to take over");
            Successor next =
                    Successor.start(
                            command,
                            admin.resolveSibling(admin.getFileName() + ".up"),
                            passable(stats),
                            parts.balancer().known(),
                            parts.balancer().pausedListeners(),
                            hand(),
                            TO_START);
            return giveWay(next);
        } catch (IOException e) {
            return refused(List.of("the new program did not take over: " + e.getMessage()));
        }
    }

    private CommandOutcome refused(List<String> problems) {
        problems.forEach(line -> log.error("upgrade", "what ran goes on: " + line));
        return new CommandOutcome.Refused(
                String.join("\n", problems) + "\nnot upgraded: what ran goes on");
    }

    private List<Passed> passable(StatsDoor stats) {
        List<Passed> all = new ArrayList<>();
        all.add(new Passed.Lock(lock.descriptor()));
        stats.passable().ifPresent(all::add);
        parts.balancer()
                .listeningSockets()
                .forEach(
                        each ->
                                all.add(
                                        new Passed.Listener(
                                                each.at(), each.datagrams(), each.descriptor())));
        return all;
    }

    private Successor.Hand hand() {
        return new Successor.Hand() {
            @Override
            public HandedOver letGo(Set<String> wanted) throws UpgradeFailed {
                if (ending.begun()) {
                    throw new UpgradeFailed("this buoy is stopping");
                }
                try {
                    Optional<HandedOver> all = parts.routers().handOver(wanted, TO_FALL_SILENT);
                    if (all.isPresent()) {
                        return all.get();
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
                parts.routers().decide(false);
                throw new UpgradeFailed("the VRRP thread of this buoy does not answer");
            }

            @Override
            public void takeBack() {
                parts.routers().decide(false);
                try {
                    AdminLock.sign(admin, ProcessHandle.current().pid());
                } catch (IOException e) {
                    log.warn(
                            "upgrade",
                            "the lock of %s names the new program: %s".formatted(admin, e));
                }
            }
        };
    }

    private CommandOutcome giveWay(Successor next) {
        parts.routers().decide(true);
        parts.serviceManager().succeededBy(next.processId());
        parts.balancer().leaveListening();
        // The other one holds it; who comes after that one need not wait for our clients.
        lock.close();
        CommandOutcome done =
                new CommandOutcome.Done("process %d has taken over".formatted(next.processId()));
        log.info("upgrade", done.said());
        told.accept(done);
        ending.makeWay(next);
        return done;
    }
}

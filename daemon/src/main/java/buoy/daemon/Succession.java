package buoy.daemon;

import buoy.daemon.admin.AdminLock;
import buoy.daemon.log.Log;
import buoy.daemon.upgrade.Passed;
import buoy.daemon.upgrade.Rehearsal;
import buoy.daemon.upgrade.Successor;
import buoy.daemon.upgrade.UpgradeFailed;
import buoy.linux.OwnCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The upgrade in place, from the side of the process that runs: it has the program that is
 * installed now take its place. If that fails, it is said, and nothing has changed.
 */
final class Succession {
    private static final Duration TO_CHECK = Duration.ofMinutes(1);
    private static final Duration TO_START = Duration.ofMinutes(1);

    private final Parts parts;
    private final Ending ending;
    private final Path admin;
    private final AdminLock lock;
    private final Log log;

    /**
     * @param admin the socket of operators
     */
    Succession(Parts parts, Ending ending, Path admin, AdminLock lock) {
        this.parts = parts;
        this.ending = ending;
        this.admin = admin;
        this.lock = lock;
        this.log = parts.log();
    }

    /**
     * Does it. Waits, for as long as programs take to start.
     *
     * @return whether there is a successor
     */
    boolean begin(LoadedConfig loaded, StatsDoor stats) {
        List<String> inTheWay =
                UpgradeLimits.of(loaded.config(), parts.balancer().status().transport());
        if (!inTheWay.isEmpty()) {
            inTheWay.forEach(line -> log.error("upgrade", "refused, what ran goes on: " + line));
            return false;
        }
        try {
            List<String> command = OwnCommand.words();
            log.info("upgrade", "asking the program that is to take over whether it can");
            List<String> problems = Rehearsal.problems(command, TO_CHECK);
            if (!problems.isEmpty()) {
                problems.forEach(
                        line -> log.error("upgrade", "refused, what ran goes on: " + line));
                return false;
            }
            log.info("upgrade", "starting the program that is to take over");
            Successor next =
                    Successor.start(
                            command,
                            admin.resolveSibling(admin.getFileName() + ".up"),
                            passable(stats),
                            hand(),
                            TO_START);
            giveWay(next);
            return true;
        } catch (IOException e) {
            log.error(
                    "upgrade",
                    "the new program did not take over, what ran goes on: " + e.getMessage());
            return false;
        }
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
            public void letGo() throws UpgradeFailed {
                if (ending.begun()) {
                    throw new UpgradeFailed("this buoy is stopping");
                }
            }

            @Override
            public void takeBack() {
                log.warn("upgrade", "the new program failed when it had taken over: taking back");
            }
        };
    }

    private void giveWay(Successor next) {
        parts.serviceManager().succeededBy(next.processId());
        parts.balancer().leaveListening();
        // The other one holds it; who comes after that one need not wait for our clients.
        lock.close();
        log.info("upgrade", "process %d has taken over".formatted(next.processId()));
        ending.makeWay(next);
    }
}

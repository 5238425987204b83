package buoy.daemon.upgrade;

import buoy.lb.PoolsKnown;
import buoy.vrrp.HandedOver;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The process that has taken the place of this one, as seen from here. */
public final class Successor implements AutoCloseable {
    private static final Duration TO_END = Duration.ofSeconds(5);

    /** Between the two nobody speaks for what only one of them may have. */
    private static final Duration TO_TAKE = Duration.ofSeconds(10);

    private final long processId;
    private final Passage passage;

    private Successor(long processId, Passage passage) {
        this.processId = processId;
        this.passage = passage;
    }

    /** What the old process does when the new one is ready. */
    public interface Hand {
        /**
         * Lets go of what only one of them may have.
         *
         * @param wanted the teams of routers that can go on there ({@link HandedOver#keys})
         * @return what is needed to go on with them
         * @throws UpgradeFailed if nothing is to come of it after all, and nothing is let go
         */
        HandedOver letGo(Set<String> wanted) throws UpgradeFailed;

        /** The new one has failed after that, and is gone: all is as it was. */
        void takeBack();
    }

    /**
     * Starts it, passes everything on and lets it go. Waits.
     *
     * @param at where to meet it: a free name in a folder that is ours
     * @param pools what is known of them
     * @param paused the listeners that are, by name, since when
     * @param patience until it is ready
     * @return when it has taken over; it is told that this process is done by closing it
     * @throws IOException with the reason; it is gone then, and nothing has changed
     */
    public static Successor start(
            List<String> command,
            Path at,
            List<Passed> all,
            PoolsKnown pools,
            Map<String, Instant> paused,
            Hand hand,
            Duration patience)
            throws IOException {
        if (!Epoll.isAvailable()) {
            throw new UpgradeFailed("descriptors cannot be passed on without epoll");
        }
        long deadline = System.nanoTime() + patience.toNanos();
        Files.deleteIfExists(at);
        Socket door = Socket.newSocketDomain();
        try {
            door.bind(new DomainSocketAddress(at.toString()));
            Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rw-------"));
            // Before this nobody gets in.
            door.listen(1);
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().put(Predecessor.VARIABLE, at.toString());
            // systemd named this process; it watches the other one from then on.
            builder.environment().remove("WATCHDOG_PID");
            Process process = builder.start();
            String known = PoolsText.encode(pools) + PausedText.encode(paused);
            return converse(process, accept(door, process, deadline), all, known, hand, deadline);
        } finally {
            door.close();
            Files.deleteIfExists(at);
        }
    }

    private static Socket accept(Socket door, Process process, long deadline) throws IOException {
        int[] accepted = {-1};
        try {
            Passage.await(
                    deadline,
                    () -> {
                        accepted[0] = door.accept(new byte[64]);
                        if (accepted[0] < 0 && !process.isAlive()) {
                            throw new UpgradeFailed("it ended");
                        }
                        return accepted[0] >= 0;
                    });
            return new Socket(accepted[0]);
        } catch (IOException failure) {
            throw ended(process, failure);
        }
    }

    private static Successor converse(
            Process process,
            Socket socket,
            List<Passed> all,
            String known,
            Hand hand,
            long deadline)
            throws IOException {
        Passage passage = new Passage(socket, deadline);
        HandedOver letGo;
        try {
            passage.hear(Predecessor.greeting());
            for (Passed each : all) {
                passage.say(Passed.word(each));
                passage.pass(each.descriptor());
            }
            passage.sayText(Predecessor.POOLS, known);
            String wanted = passage.hearText(Predecessor.READY);
            letGo = hand.letGo(wanted.lines().collect(Collectors.toUnmodifiableSet()));
        } catch (IOException | RuntimeException failure) {
            // It ends by itself, unless it hangs.
            passage.close();
            throw ended(process, failure);
        }
        try {
            passage.deadline(System.nanoTime() + TO_TAKE.toNanos());
            passage.sayText(Predecessor.GO, RoutersText.encode(letGo));
            passage.hear(Predecessor.TAKEN);
            return new Successor(process.pid(), passage);
        } catch (IOException | RuntimeException failure) {
            // There is no time to ask what it has of ours, and it must not be two.
            process.destroyForcibly();
            UpgradeFailed end = ended(process, failure);
            hand.takeBack();
            passage.close();
            throw end;
        }
    }

    /** Sees to it that it is gone, and says how. */
    private static UpgradeFailed ended(Process process, Exception failure) {
        try {
            if (process.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                return new UpgradeFailed(
                        "%s (exit code %d)".formatted(failure.getMessage(), process.exitValue()));
            }
            process.destroyForcibly().waitFor();
            return new UpgradeFailed(failure.getMessage() + " (it was killed)");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            return new UpgradeFailed(String.valueOf(failure.getMessage()));
        }
    }

    public long processId() {
        return processId;
    }

    /** Tells it that this process has let go of everything but its clients. */
    @Override
    public void close() throws IOException {
        passage.close();
    }
}

package buoy.daemon.upgrade;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The process that is to take the place of this one, as seen from here. */
public final class Successor {
    private static final Duration TO_END = Duration.ofSeconds(5);

    private Successor() {}

    /**
     * Starts it, passes everything on and lets it go. Waits.
     *
     * @param at where to meet it: a free name in a folder that is ours
     * @param mayGo asked last, when it is ready
     * @param patience for all of it
     * @return its process id; its clients may come in already
     * @throws IOException with the reason; it is gone then, and nothing has changed
     */
    public static long start(
            List<String> command,
            Path at,
            List<Passed> all,
            BooleanSupplier mayGo,
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
            try (Passage passage = new Passage(accept(door, process, deadline), deadline)) {
                converse(passage, all, mayGo);
                return process.pid();
            } catch (IOException | RuntimeException failure) {
                throw ended(process, failure);
            }
        } finally {
            door.close();
            Files.deleteIfExists(at);
        }
    }

    private static Socket accept(Socket door, Process process, long deadline) throws IOException {
        int[] accepted = {-1};
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
    }

    private static void converse(Passage passage, List<Passed> all, BooleanSupplier mayGo)
            throws IOException {
        passage.hear(Predecessor.greeting());
        for (Passed each : all) {
            passage.say(Passed.word(each));
            passage.pass(each.descriptor());
        }
        passage.say(Predecessor.END);
        passage.hear(Predecessor.READY);
        if (!mayGo.getAsBoolean()) {
            throw new UpgradeFailed("this buoy is stopping");
        }
        passage.say(Predecessor.GO);
    }

    /** Sees to it that it is gone, and says how. */
    private static UpgradeFailed ended(Process process, Exception failure) {
        try {
            // The connection is closed: it ends by itself, unless it hangs.
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
}

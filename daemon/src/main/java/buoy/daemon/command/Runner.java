package buoy.daemon.command;

import buoy.linux.Account;
import buoy.linux.Kernel;
import buoy.linux.OutputPipe;
import buoy.linux.ProcessGroup;
import buoy.linux.SyscallFailed;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs commands; any number at one time, each on the thread that asks. */
public final class Runner {
    /** What a program is run with, whatever this process was started with. */
    public static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "PATH",
                    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "LANG",
                    "C.UTF-8");

    /** How much of its output is kept; the rest is read and forgotten. */
    static final int KEPT = 4096;

    private static final long BETWEEN_READS_MILLIS = 25;

    private final Kernel kernel;
    private final Accounts accounts;
    private final Unprivileged unprivileged;

    public Runner(Kernel kernel) {
        this.kernel = kernel;
        this.unprivileged = Unprivileged.of(kernel);
        this.accounts = new Accounts(name -> Account.named(kernel, name));
    }

    /**
     * Runs it to its end, or to its timeout.
     *
     * @throws InterruptedException if this thread was interrupted; the program is killed then
     */
    public Outcome run(Command command) throws InterruptedException {
        long deadline = System.nanoTime() + command.timeout().toNanos();
        List<String> argv = new ArrayList<>(List.of("setsid"));
        switch (command.as()) {
            case RunAs.ThisProcess() -> {}
            case RunAs.WithoutCapabilities() -> argv.addAll(unprivileged.asThisProcess());
            case RunAs.User(var name) -> {
                Optional<Account> account;
                try {
                    account = accounts.named(name, command.timeout());
                } catch (TimeoutException _) {
                    return new Outcome.NotRun(
                            "the host's name service did not say within %d ms who %s is"
                                    .formatted(command.timeout().toMillis(), name));
                }
                if (account.isEmpty()) {
                    return new Outcome.NotRun("there is no user " + name);
                }
                argv.addAll(unprivileged.as(account.get()));
            }
        }
        argv.addAll(command.argv());
        try (OutputPipe pipe = OutputPipe.open(kernel)) {
            ProcessBuilder builder =
                    new ProcessBuilder(argv)
                            .directory(new File("/"))
                            .redirectErrorStream(true)
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(pipe.entrance().toFile());
            builder.environment().clear();
            builder.environment().putAll(ENVIRONMENT);
            builder.environment().putAll(command.environment());
            Process process = builder.start();
            pipe.started();
            return await(process, command.timeout(), deadline, new Output(pipe));
        } catch (IOException e) {
            return new Outcome.NotRun(String.valueOf(e.getMessage()));
        }
    }

    private Outcome await(Process process, Duration timeout, long deadline, Output output)
            throws InterruptedException, SyscallFailed {
        try {
            while (true) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                boolean ended =
                        process.waitFor(
                                Math.clamp(left, 0, BETWEEN_READS_MILLIS), TimeUnit.MILLISECONDS);
                output.take();
                if (ended) {
                    return new Outcome.Exited(process.exitValue(), output.text());
                }
                if (System.nanoTime() - deadline >= 0) {
                    kill(process);
                    return new Outcome.TimedOut(timeout, output.text());
                }
            }
        } catch (InterruptedException | SyscallFailed e) {
            kill(process);
            throw e;
        }
    }

    /** The whole group; the process itself as well, should it not have got to make one yet. */
    private void kill(Process process) {
        var _ = ProcessGroup.kill(kernel, process.pid());
        process.destroyForcibly();
    }

    /** The output so far, up to what is kept. */
    private static final class Output {
        private final OutputPipe pipe;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        Output(OutputPipe pipe) {
            this.pipe = pipe;
        }

        /** What is there now, and no more than a pipe holds: a flood must not keep us here. */
        void take() throws SyscallFailed {
            for (int reads = 0; reads < 32; reads++) {
                byte[] bytes = pipe.read();
                if (bytes.length == 0) {
                    return;
                }
                kept.write(bytes, 0, Math.min(bytes.length, KEPT - kept.size()));
            }
        }

        String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }
}

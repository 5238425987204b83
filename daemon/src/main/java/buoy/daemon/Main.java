package buoy.daemon;

import buoy.config.ConfigFile;
import buoy.config.ConfigSchema;
import buoy.daemon.status.Paint;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The program {@code buoy}: one command, one exit code. */
public final class Main {
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    Main(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    public static void main(String[] args) {
        long start = System.nanoTime();
        // Before JNR-FFI is first used: generated classes cannot be loaded in a native image.
        System.setProperty("jnr.ffi.asm.enabled", "false");
        // Channels have it in their names, which nobody compares with those of another host: else
        // Netty looks through all interfaces, and warns where none has an address that will do.
        System.setProperty("io.netty.machineId", "02:00:00:00:00:00");
        // Not whatever logging library Netty finds: all of it goes through our log.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        ExitCode code = ExitCode.REFUSED;
        try {
            code = new Main(System.out, System.err, System.getenv()).execute(start, args);
        } catch (RuntimeException | Error bug) {
            // Said in full, and never left half running: other threads would keep the process.
            bug.printStackTrace(System.err);
        }
        System.out.flush();
        System.exit(code.number);
    }

    /**
     * Runs one command to its end.
     *
     * @param startNanos when the program started, by {@link System#nanoTime}
     */
    ExitCode execute(long startNanos, String... args) {
        CommandLine line = new CommandLine(CommandLineSpec.create());
        ParseResult parsed;
        try {
            parsed = line.parseArgs(args);
        } catch (CommandLine.ParameterException e) {
            err.println("buoy: " + e.getMessage());
            if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
                e.getCommandLine().usage(err);
            }
            return ExitCode.BAD_USAGE;
        }
        if (CommandLine.printHelpIfRequested(parsed)) {
            return ExitCode.DONE;
        }
        if (!parsed.hasSubcommand()) {
            line.usage(err);
            return ExitCode.BAD_USAGE;
        }
        ParseResult command = parsed.subcommand();
        return switch (command.commandSpec().name()) {
            case "run" -> new RunCommand(out, err, environment, startNanos).run(config(command));
            case "check" -> check(command);
            case "explain" -> new ExplainCommand(out, err).run(command);
            case "reload" -> talk(command, Duration.ofMinutes(2)).reload();
            case "upgrade" -> talk(command, Duration.ofMinutes(3)).upgrade();
            case "stop" -> talk(command, Duration.ofMinutes(2)).stop();
            case "status" -> status(command);
            case "top" -> new TopCommand(out, err).run(command);
            case "sessions" -> sessions(command);
            case "vrrp" -> vrrp(command);
            case "listener", "router" -> aboutOne(command, Duration.ofMinutes(2));
            // A pause takes as long as sessions may.
            case "pool" -> aboutOne(command, Duration.ofDays(1));
            case "completion" -> {
                out.print(AutoComplete.bash("buoy", line));
                yield ExitCode.DONE;
            }
            case "schema" -> {
                out.print(ConfigSchema.text());
                yield ExitCode.DONE;
            }
            case "server" -> server(command);
            case "import" -> new ImportCommand(out, err).run(command);
            case "version" -> {
                out.println(
                        command.hasMatchedOption(CommandLineSpec.JSON)
                                ? Version.json()
                                : Version.line());
                yield ExitCode.DONE;
            }
            default ->
                    throw new IllegalStateException(
                            "no such command: " + command.commandSpec().name());
        };
    }

    private ExitCode status(ParseResult command) {
        if (command.hasMatchedOption(CommandLineSpec.CHECK)) {
            return command.hasMatchedOption(CommandLineSpec.WATCH)
                    ? badUsage("--check cannot stand beside --watch")
                    : new StatusCheck(out, command.hasMatchedOption(CommandLineSpec.JSON))
                            .run(AdminSocketPath.of(command));
        }
        TalkCommands talk = talk(command, Duration.ofSeconds(10));
        boolean pictures =
                Terminal.OUTPUT.isThere() && !command.hasMatchedOption(CommandLineSpec.JSON);
        return command.hasMatchedOption(CommandLineSpec.WATCH)
                ? talk.watch(pictures ? Terminal.AFRESH : "\n")
                : talk.status();
    }

    private ExitCode badUsage(String why) {
        err.println("buoy: " + why);
        return ExitCode.BAD_USAGE;
    }

    private ExitCode sessions(ParseResult command) {
        TalkCommands talk = talk(command, Duration.ofSeconds(10));
        String kill = command.matchedOptionValue(CommandLineSpec.KILL, null);
        if (kill != null) {
            return talk.killSession(kill);
        }
        Map<String, String> asked = new LinkedHashMap<>();
        for (String option :
                new String[] {
                    CommandLineSpec.LISTENER,
                    CommandLineSpec.POOL,
                    CommandLineSpec.SERVER,
                    CommandLineSpec.LIMIT
                }) {
            if (command.hasMatchedOption(option)) {
                asked.put(
                        option.substring("--".length()),
                        String.valueOf(command.<Object>matchedOptionValue(option, "")));
            }
        }
        return talk.sessions(asked);
    }

    private ExitCode check(ParseResult command) {
        boolean diff = command.hasMatchedOption(CommandLineSpec.DIFF);
        boolean print = command.hasMatchedOption(CommandLineSpec.PRINT);
        if (diff && (print || command.hasMatchedOption(CommandLineSpec.HOST))) {
            return badUsage("--diff is about the buoy that runs here (leave --print and --host)");
        }
        CheckCommand check =
                new CheckCommand(
                        out,
                        err,
                        config(command),
                        command.matchedOptionValue(CommandLineSpec.HOST, ConfigFile.hostName()),
                        print);
        if (command.hasMatchedOption(CommandLineSpec.JSON)) {
            return check.json(diff ? Optional.of(AdminSocketPath.of(command)) : Optional.empty());
        }
        return check.run(
                Terminal.OUTPUT.paint(command, environment),
                Terminal.ERRORS.paint(command, environment),
                diff ? Optional.of(talk(command, Duration.ofMinutes(2))) : Optional.empty());
    }

    /** Of its commands there is one; without it, it is bad usage. */
    private ExitCode vrrp(ParseResult command) {
        if (!command.hasSubcommand()) {
            command.commandSpec().commandLine().usage(err);
            return ExitCode.BAD_USAGE;
        }
        return new WatchCommand(out, err).run(command.subcommand());
    }

    /**
     * A command about one listener, router or pool, which it names.
     *
     * @param patience as long as it may take
     */
    private ExitCode aboutOne(ParseResult kind, Duration patience) {
        if (!kind.hasSubcommand()) {
            kind.commandSpec().commandLine().usage(err);
            return ExitCode.BAD_USAGE;
        }
        ParseResult command = kind.subcommand();
        return talk(command, patience)
                .aboutOne(
                        kind.commandSpec().name(),
                        command.commandSpec().name(),
                        command.matchedPositionalValue(0, CommandLineSpec.NAME));
    }

    private ExitCode server(ParseResult server) {
        if (!server.hasSubcommand()) {
            server.commandSpec().commandLine().usage(err);
            return ExitCode.BAD_USAGE;
        }
        ParseResult command = server.subcommand();
        String verb = command.commandSpec().name();
        boolean weight = verb.equals("weight");
        return talk(command, Duration.ofMinutes(2))
                .server(
                        weight ? verb + "/" + command.matchedPositionalValue(0, 0) : verb,
                        command.matchedPositionalValue(weight ? 1 : 0, CommandLineSpec.NAME));
    }

    private static String config(ParseResult command) {
        return command.matchedOptionValue(CommandLineSpec.CONFIG, CommandLineSpec.DEFAULT_CONFIG);
    }

    private TalkCommands talk(ParseResult command, Duration patience) {
        return new TalkCommands(
                out,
                err,
                AdminSocketPath.of(command),
                patience,
                command.hasMatchedOption(CommandLineSpec.JSON),
                command.commandSpec().optionsMap().containsKey(CommandLineSpec.COLOR)
                        ? Terminal.OUTPUT.paint(command, environment)
                        : Paint.PLAIN);
    }
}

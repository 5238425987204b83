package buoy.daemon;

import buoy.daemon.admin.AdminClient;
import buoy.daemon.admin.Answer;
import buoy.daemon.explain.Asked;
import buoy.daemon.explain.AskedSession;
import buoy.daemon.explain.ExplainJson;
import buoy.daemon.explain.ExplainText;
import buoy.daemon.explain.Explaining;
import buoy.daemon.explain.Explanation;
import buoy.daemon.explain.LivePools;
import buoy.daemon.explain.SessionExplaining;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * {@code buoy explain}: by the configuration, and where a Buoy runs that has the same one, with
 * what its servers are now.
 */
final class ExplainCommand {
    static final String METHOD = "-X";
    static final String FIELD = "-H";
    static final String FROM = "--from";
    static final String LISTENER = "--listener";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PrintStream out;
    private final PrintStream err;

    ExplainCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** What is asked, to be put to a configuration. */
    private interface Question {
        Explanation put(LoadedConfig loaded, Optional<LivePools> live);
    }

    ExitCode run(ParseResult command) {
        Question asked;
        try {
            asked = asked(command);
        } catch (IllegalArgumentException e) {
            err.println("buoy: " + e.getMessage());
            return ExitCode.BAD_USAGE;
        }
        String file =
                command.matchedOptionValue(CommandLineSpec.CONFIG, CommandLineSpec.DEFAULT_CONFIG);
        boolean json = command.hasMatchedOption(CommandLineSpec.JSON);
        return switch (LoadedConfig.read(Path.of(file), Instant.now())) {
            case LoadedConfig.Outcome.Bad(var problems) -> {
                if (json) {
                    out.println(CheckCommand.bad(file, problems));
                } else {
                    problems.forEach(err::println);
                }
                yield ExitCode.BAD_CONFIGURATION;
            }
            case LoadedConfig.Outcome.Good(var loaded) ->
                    explain(asked, loaded, AdminSocketPath.of(command), json);
        };
    }

    private static Question asked(ParseResult command) {
        String from = command.matchedOptionValue(FROM, "127.0.0.1");
        InetAddress client;
        try {
            client = InetAddress.ofLiteral(from);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--from \"%s\" is no IP address".formatted(from), e);
        }
        String url = command.matchedPositionalValue(0, "");
        Optional<String> listener = Optional.ofNullable(command.matchedOptionValue(LISTENER, null));
        if (AskedSession.isMeant(url)) {
            AskedSession session = AskedSession.of(url, client, listener);
            return (loaded, live) ->
                    new SessionExplaining(loaded.config(), loaded.tls().listeners(), live)
                            .of(session);
        }
        Asked request =
                Asked.of(
                        url,
                        command.matchedOptionValue(METHOD, "GET"),
                        command.matchedOptionValue(FIELD, List.of()),
                        client,
                        listener);
        return (loaded, live) ->
                new Explaining(loaded.config(), loaded.tls().listeners(), live).of(request);
    }

    private ExitCode explain(Question asked, LoadedConfig loaded, Path socket, boolean json) {
        Optional<LivePools> live = live(socket, loaded.hash());
        Explanation explanation;
        try {
            Explanation known = asked.put(loaded, live);
            explanation = live.map(known::knowing).orElse(known);
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            if (json) {
                out.print(CommandOutcome.json(false, why));
            } else {
                err.println("buoy: " + why);
            }
            return ExitCode.REFUSED;
        }
        out.print(json ? ExplainJson.of(explanation) : ExplainText.of(explanation));
        return ExitCode.DONE;
    }

    /** Says why where there is none: then the configuration alone is explained. */
    private Optional<LivePools> live(Path socket, String hash) {
        try {
            Answer answer =
                    new AdminClient(socket, PATIENCE).ask("GET", "/api/v1/status", Answer.JSON);
            if (answer.status() != 200) {
                throw new IOException("buoy at %s: %s".formatted(socket, answer.body().strip()));
            }
            LivePools pools = LivePools.read(answer.body());
            if (!pools.hash().equals(hash)) {
                err.println(
                        "note: the running buoy has another configuration (%s, this is %s)"
                                .formatted(pools.hash(), hash));
            }
            return Optional.of(pools);
        } catch (IOException e) {
            err.println("note: states of servers are not known: " + e.getMessage());
            return Optional.empty();
        }
    }
}

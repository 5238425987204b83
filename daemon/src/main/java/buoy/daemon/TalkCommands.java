package buoy.daemon;

import buoy.config.Problem;
import buoy.daemon.admin.AdminClient;
import buoy.daemon.admin.Answer;
import buoy.daemon.json.JsonText;
import buoy.daemon.status.Paint;
import buoy.linux.ProcessStat;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * {@code reload}, {@code upgrade}, {@code stop}, {@code status}, {@code sessions}, {@code router},
 * {@code listener}, {@code pool}, {@code server}: each is one request on the admin socket.
 */
final class TalkCommands {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private final PrintStream out;
    private final PrintStream err;
    private final AdminClient client;
    private final boolean json;
    private final Paint paint;

    /**
     * @param json whether answers are for machines: then all of them go to {@code out}
     * @param paint of what is shown to people
     */
    TalkCommands(
            PrintStream out,
            PrintStream err,
            Path socket,
            Duration patience,
            boolean json,
            Paint paint) {
        this.paint = paint;
        this.json = json;
        this.out = out;
        this.err = err;
        this.client = new AdminClient(socket, patience);
    }

    ExitCode status() {
        return ask("GET", "/api/v1/status" + query(Map.of()));
    }

    /**
     * Shows the status again and again, until it cannot be had any more or nobody reads it.
     *
     * @param between what stands in front of each
     */
    ExitCode watch(String between) {
        for (; ; ) {
            out.print(between);
            ExitCode code = status();
            // An error of the output: whoever read it, such as head(1), has had enough.
            if (code != ExitCode.DONE || out.checkError()) {
                return code;
            }
            try {
                Thread.sleep(EVERY);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return ExitCode.REFUSED;
            }
        }
    }

    /** Asks for the stop, then waits until the process is gone. */
    ExitCode stop() {
        Answer answer;
        try {
            answer = client.ask("POST", "/api/v1/stop", Answer.JSON);
        } catch (IOException e) {
            err.println("buoy: " + e.getMessage());
            return ExitCode.REFUSED;
        }
        if (answer.status() >= 300) {
            err.print(answer.body());
            return ExitCode.REFUSED;
        }
        Optional<Long> pid = JsonText.number(answer.body(), "pid");
        Optional<Long> started = JsonText.number(answer.body(), "startTicks");
        try {
            // However long its clients may take: that is a matter of its configuration.
            while (pid.isPresent() && runs(pid.get(), started)) {
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ExitCode.REFUSED;
        }
        out.println(json ? "{\"result\":\"stopped\"}" : "stopped");
        return ExitCode.DONE;
    }

    /**
     * Whether it is there and has not ended. Another process has that number where the socket leads
     * out of a container: that one is not waited for.
     */
    private static boolean runs(long pid, Optional<Long> started) {
        return ProcessStat.of(pid)
                .filter(
                        stat ->
                                !stat.ended()
                                        && started.map(ticks -> ticks == stat.startTicks())
                                                .orElse(true))
                .isPresent();
    }

    /** Says in the end what became of the running configuration. */
    ExitCode reload() {
        ExitCode code = ask("POST", "/api/v1/reload");
        if (code == ExitCode.BAD_CONFIGURATION && !json) {
            out.println("not reloaded: what ran goes on");
        }
        return code;
    }

    ExitCode upgrade() {
        return ask("POST", "/api/v1/upgrade");
    }

    /**
     * Says what a reload would change.
     *
     * @param hash of the file that is meant; it may not be the one that would be read
     * @param warnings of the file, which were said and are not said again
     */
    ExitCode changes(String hash, List<Problem> warnings) {
        // Who answers may name the file by another path.
        Set<String> said =
                warnings.stream()
                        .map(each -> each.toString().substring(each.file().length()))
                        .collect(Collectors.toSet());
        return ask(
                "GET",
                changesPath(hash),
                answer ->
                        answer.lines()
                                .filter(
                                        line ->
                                                !line.startsWith("warning: ")
                                                        || said.stream().noneMatch(line::endsWith))
                                .map(line -> line + "\n")
                                .collect(Collectors.joining()));
    }

    static String changesPath(String hash) {
        return "/api/v1/changes?hash=" + hash;
    }

    /**
     * What is to be done with one thing of the configuration.
     *
     * @param kind {@code router}, {@code listener} or {@code pool}
     * @param verb {@code resign} or {@code resume}; {@code pause} or {@code resume}
     */
    ExitCode aboutOne(String kind, String verb, String name) {
        if (!name.matches("[A-Za-z0-9._-]+")) {
            return badUsage("no %s can have the name \"%s\"".formatted(kind, name));
        }
        return ask("POST", "/api/v1/%ss/%s/%s".formatted(kind, name, verb));
    }

    /**
     * Changes what is wanted of servers.
     *
     * @param verb {@code drain}, {@code ready}, {@code maintenance} or {@code weight/N}
     * @param servers as {@link ServersMeant#of} has it
     */
    ExitCode server(String verb, String servers) {
        if (!servers.matches("(([A-Za-z0-9._-]+|\\*)/)?[A-Za-z0-9._:\\[\\]-]+")) {
            return badUsage("\"%s\" is not %s".formatted(servers, ServersMeant.FORMS));
        }
        return ask("POST", "/api/v1/servers/%s/%s".formatted(servers, verb));
    }

    /**
     * Lists what is with clients.
     *
     * @param asked names and values: {@code listener}, {@code pool}, {@code server}, {@code limit}
     */
    ExitCode sessions(Map<String, String> asked) {
        try {
            SessionCommands.most(Optional.ofNullable(asked.get("limit")));
        } catch (NumberFormatException _) {
            return badUsage(SessionCommands.LIMITS);
        }
        return ask("GET", "/api/v1/sessions" + query(asked));
    }

    /** Who answers has to know in what colours. */
    private String query(Map<String, String> asked) {
        Map<String, String> all = new LinkedHashMap<>(asked);
        if (paint == Paint.COLOURED) {
            all.put("color", "always");
        }
        return all.isEmpty()
                ? ""
                : all.entrySet().stream()
                        .map(
                                each ->
                                        each.getKey()
                                                + "="
                                                + URLEncoder.encode(
                                                        each.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&", "?", ""));
    }

    /** Ends one of them. */
    ExitCode killSession(String id) {
        if (!id.matches("[0-9a-z-]+")) {
            return badUsage("\"" + id + "\" is no session (`buoy sessions` lists them)");
        }
        return ask("POST", "/api/v1/sessions/" + id + "/kill");
    }

    /** What the running buoy would refuse is not even asked. */
    private ExitCode badUsage(String why) {
        if (json) {
            out.print(CommandOutcome.json(false, why));
        } else {
            err.println("buoy: " + why);
        }
        return ExitCode.BAD_USAGE;
    }

    private ExitCode ask(String method, String path) {
        return ask(method, path, UnaryOperator.identity());
    }

    /**
     * @param shown what is shown of an answer
     */
    private ExitCode ask(String method, String path, UnaryOperator<String> shown) {
        Answer answer;
        try {
            answer = client.ask(method, path, json ? Answer.JSON : "text/plain");
        } catch (IOException e) {
            err.println("buoy: " + e.getMessage());
            return ExitCode.REFUSED;
        }
        ExitCode code = code(answer);
        (json || code == ExitCode.DONE ? out : err).print(shown.apply(answer.body()));
        return code;
    }

    static ExitCode code(Answer answer) {
        if (answer.status() < 300) {
            return ExitCode.DONE;
        }
        // 422: what was sent is understood and wrong (RFC 9110 15.5.21): here, the configuration.
        return answer.status() == 422 ? ExitCode.BAD_CONFIGURATION : ExitCode.REFUSED;
    }
}

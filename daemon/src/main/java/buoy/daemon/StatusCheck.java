package buoy.daemon;

import buoy.daemon.admin.AdminClient;
import buoy.daemon.admin.Answer;
import buoy.daemon.json.JsonText;
import buoy.daemon.json.JsonTree;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * {@code buoy status --check}: the verdict as monitoring systems want it of a program they run, one
 * line and an exit code (Monitoring Plugins Development Guidelines). It is read from what {@code
 * status} answers to machines, so that a buoy of before this program understands the question.
 */
final class StatusCheck {
    /** Whoever runs it waits ten seconds as a rule, and is to be told what was waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    /** The worst come first. */
    private static final int MOST_FINDINGS = 8;

    private final PrintStream out;
    private final boolean json;

    StatusCheck(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Whatever comes of it stands on standard output: that is all that is shown of a check. */
    ExitCode run(Path socket) {
        Said said = ask(socket);
        out.println(json ? said.json() : said.line());
        return said.code();
    }

    /**
     * What there is to say.
     *
     * @param health one of the words of the status, or {@code unknown}
     */
    record Said(ExitCode code, String health, String why) {
        /** What stands behind a bar would be figures (guidelines, Plugin Output). */
        String line() {
            String line = health.toUpperCase(Locale.ROOT) + " " + why.strip();
            return line.replace('|', '/').replaceAll("\\p{Cntrl}+", " ");
        }

        String json() {
            return new JsonText()
                    .of(
                            to -> {
                                to.writeStartObject();
                                to.writeStringField("health", health);
                                to.writeStringField("said", why.strip());
                                to.writeEndObject();
                            });
        }
    }

    private static Said ask(Path socket) {
        try {
            return of(new AdminClient(socket, PATIENCE).ask("GET", "/api/v1/status", Answer.JSON));
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            return mayAsk(socket) ? bad(why) : unknown(why);
        }
    }

    /** Whether it is there and closed to this user says nothing of buoy. */
    private static boolean mayAsk(Path socket) {
        return Files.isWritable(socket) || Files.notExists(socket);
    }

    /** What an answer comes to. */
    static Said of(Answer answer) {
        // It answers, and not this: a worker hangs, or it has no time.
        if (answer.status() == 503) {
            return bad(answer.body());
        }
        JsonTree status;
        try {
            status = JsonTree.read(answer.body());
        } catch (IOException _) {
            return notUnderstood(answer);
        }
        return switch (status.text("health")) {
            case "good" -> new Said(ExitCode.WELL, "good", "all is well");
            case "degraded" -> new Said(ExitCode.DEGRADED, "degraded", why(status));
            case "bad" -> bad(why(status));
            default -> notUnderstood(answer);
        };
    }

    private static Said notUnderstood(Answer answer) {
        return unknown(
                "what answers does not tell how it is (HTTP status %d)".formatted(answer.status()));
    }

    private static Said bad(String why) {
        return new Said(ExitCode.BAD, "bad", why);
    }

    private static Said unknown(String why) {
        return new Said(ExitCode.UNKNOWN, "unknown", why);
    }

    private static String why(JsonTree status) {
        List<JsonTree> findings = status.get("findings").items();
        String first =
                findings.stream()
                        .limit(MOST_FINDINGS)
                        .map(each -> each.text("subject") + ": " + each.text("text"))
                        .collect(Collectors.joining("; "));
        int more = findings.size() - MOST_FINDINGS;
        return more > 0 ? "%s; and %d more".formatted(first, more) : first;
    }
}

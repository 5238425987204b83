package buoy.daemon;

import buoy.config.ConfigFile;
import buoy.config.Contents;
import buoy.config.Problem;
import buoy.config.model.Config;
import buoy.daemon.admin.AdminClient;
import buoy.daemon.admin.Answer;
import buoy.daemon.json.JsonText;
import buoy.daemon.privilege.ServiceUser;
import buoy.daemon.privilege.Unreadable;
import buoy.daemon.status.Paint;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code buoy check}: everything {@code run} would refuse before it opens a socket. */
final class CheckCommand {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PrintStream out;
    private final PrintStream err;
    private final Path file;
    private final String host;
    private final boolean print;

    /**
     * @param host as it is meant there
     * @param print whether what is good is printed
     */
    CheckCommand(PrintStream out, PrintStream err, String file, String host, boolean print) {
        this.out = out;
        this.err = err;
        this.file = Path.of(file);
        this.host = host;
        this.print = print;
    }

    /**
     * What is good.
     *
     * @param yaml what is printed of it
     */
    private record Good(LoadedConfig loaded, List<Problem> warnings, Optional<String> yaml) {}

    private LoadedConfig.Outcome read() {
        return LoadedConfig.read(file, Instant.now(), host);
    }

    private Good looked(LoadedConfig loaded) {
        Optional<Contents> contents = ConfigFile.contents(file, host);
        List<Problem> warnings = new ArrayList<>(loaded.warnings());
        if (contents.isEmpty()) {
            warnings.add(
                    new Problem(
                            file.toString(),
                            1,
                            1,
                            "file",
                            "was changed while it was read (check again)"));
        }
        warnings.addAll(
                Unreadable.among(
                        contents.map(this::named).orElse(List.of()),
                        loaded.config(),
                        ServiceUser.of(Path.of("/"))));
        return new Good(
                loaded,
                warnings,
                contents.filter(_ -> print).map(each -> PrintedConfig.of(each.shown())));
    }

    /** One that is looked through before it is put where it belongs is root's until then. */
    private List<Contents.Named> named(Contents contents) {
        boolean inPlace = file.equals(Path.of(CommandLineSpec.DEFAULT_CONFIG));
        return contents.files().stream().filter(each -> inPlace || !each.isPart()).toList();
    }

    /**
     * For people.
     *
     * @param paint of what goes well
     * @param errors of what does not
     * @param running who is to say what a reload would change
     */
    ExitCode run(Paint paint, Paint errors, Optional<TalkCommands> running) {
        return switch (read()) {
            case LoadedConfig.Outcome.Bad(var problems) -> {
                problems.forEach(each -> err.println(line(each, errors)));
                yield ExitCode.BAD_CONFIGURATION;
            }
            case LoadedConfig.Outcome.Good(var loaded) -> {
                Good good = looked(loaded);
                good.warnings()
                        .forEach(each -> err.println(errors.doubtful("warning:") + " " + each));
                // What is printed is a whole file of YAML, with this in it.
                String lead = print ? "# " : "";
                String word = (print ? Paint.PLAIN : paint).good("good");
                out.println(lead + file + ": " + word + ": " + summary(loaded.config()));
                good.yaml().ifPresent(out::print);
                yield running.map(talk -> talk.changes(loaded.hash(), good.warnings()))
                        .orElse(ExitCode.DONE);
            }
        };
    }

    /** The key stands out: it is what the eye looks for. */
    private static String line(Problem problem, Paint paint) {
        String all = problem.toString();
        String message = problem.message();
        String path = problem.path() + ": ";
        String place = all.substring(0, all.length() - message.length() - path.length());
        return place + paint.bad(path.strip()) + " " + message;
    }

    /**
     * The same for machines, on standard output whatever comes of it.
     *
     * @param running the admin socket of the buoy that is to say what a reload would change
     */
    ExitCode json(Optional<Path> running) {
        return switch (read()) {
            case LoadedConfig.Outcome.Bad(var problems) -> {
                out.println(bad(file.toString(), problems));
                yield ExitCode.BAD_CONFIGURATION;
            }
            case LoadedConfig.Outcome.Good(var loaded) -> {
                Optional<Answer> changes =
                        running.flatMap(socket -> changes(socket, loaded.hash()));
                out.println(
                        document(file.toString(), List.of(), Optional.of(looked(loaded)), changes));
                yield running.isEmpty()
                        ? ExitCode.DONE
                        : changes.map(TalkCommands::code).orElse(ExitCode.REFUSED);
            }
        };
    }

    /** What there is to say to machines of a file that is not good. */
    static String bad(String file, List<Problem> problems) {
        return document(file, problems, Optional.empty(), Optional.empty());
    }

    private Optional<Answer> changes(Path socket, String hash) {
        try {
            return Optional.of(
                    new AdminClient(socket, PATIENCE)
                            .ask("GET", TalkCommands.changesPath(hash), Answer.JSON));
        } catch (IOException e) {
            err.println("buoy: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static String document(
            String file, List<Problem> problems, Optional<Good> good, Optional<Answer> changes) {
        return new JsonText()
                .of(
                        out -> {
                            out.writeStartObject();
                            out.writeStringField("file", file);
                            out.writeBooleanField("good", good.isPresent());
                            write(out, "problems", problems);
                            write(out, "warnings", good.map(Good::warnings).orElse(List.of()));
                            if (good.isPresent()) {
                                write(out, good.get());
                            }
                            if (changes.isPresent()) {
                                out.writeFieldName("reload");
                                write(out, changes.get());
                            }
                            out.writeEndObject();
                        });
    }

    /** Whoever answers may be of another version, or have trouble: then it is no JSON. */
    private static void write(JsonGenerator out, Answer changes) throws IOException {
        if (changes.contentType().startsWith(Answer.JSON)) {
            out.writeRawValue(changes.body().strip());
        } else {
            out.writeStartObject();
            out.writeBooleanField("done", false);
            out.writeStringField("said", changes.body().strip());
            out.writeEndObject();
        }
    }

    private static void write(JsonGenerator out, Good good) throws IOException {
        Config config = good.loaded().config();
        out.writeStringField("hash", good.loaded().hash());
        out.writeNumberField("routers", config.routers().size());
        out.writeNumberField("listeners", config.listeners().size());
        out.writeNumberField("pools", config.pools().size());
        out.writeNumberField("certificates", config.certificates().size());
        if (good.yaml().isPresent()) {
            out.writeStringField("configuration", good.yaml().get());
        }
    }

    private static void write(JsonGenerator out, String name, List<Problem> problems)
            throws IOException {
        out.writeArrayFieldStart(name);
        for (Problem each : problems) {
            out.writeStartObject();
            out.writeStringField("file", each.file());
            out.writeNumberField("line", each.line());
            out.writeNumberField("column", each.column());
            out.writeStringField("path", each.path());
            out.writeStringField("message", each.message());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    static String summary(Config config) {
        return "%s, %s, %s, %s"
                .formatted(
                        count(config.routers().size(), "virtual router"),
                        count(config.listeners().size(), "listener"),
                        count(config.pools().size(), "pool"),
                        count(config.certificates().size(), "certificate"));
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}

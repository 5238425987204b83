package buoy.daemon;

import buoy.daemon.admin.Answer;
import buoy.daemon.admin.Handler;
import buoy.daemon.admin.Renderings;
import buoy.daemon.admin.Request;
import buoy.daemon.admin.SameOrigin;
import buoy.daemon.admin.Visitor;
import buoy.daemon.events.Events;
import buoy.daemon.history.HistoryJson;
import buoy.daemon.history.Past;
import buoy.daemon.json.JsonText;
import buoy.daemon.log.Log;
import buoy.daemon.page.Live;
import buoy.daemon.page.Page;
import buoy.daemon.status.Metrics;
import buoy.daemon.status.MetricsFormat;
import buoy.daemon.status.Paint;
import buoy.daemon.status.SessionsJson;
import buoy.daemon.status.SessionsText;
import buoy.daemon.status.Status;
import buoy.daemon.status.StatusJson;
import buoy.daemon.status.StatusText;
import buoy.lb.SessionFilter;
import buoy.lb.SessionList;
import buoy.lb.pool.Duty;
import buoy.linux.ProcessStat;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be asked, and what the admin socket alone may ask. Answers are made on {@code executor},
 * because a status waits a moment for the VRRP thread.
 */
final class Api {
    /** How many milliseconds a browser waits before it comes again. */
    private static final String RETRY = "retry: 2000\n\n";

    private static final String READ = "GET, HEAD";

    /** Names are of letters, digits, dots, dashes and underscores: nothing to be decoded. */
    private static final Pattern ROUTER =
            Pattern.compile("/api/v1/routers/(?<name>[^/]+)/(?<verb>resign|resume)");

    private static final Pattern LISTENER =
            Pattern.compile("/api/v1/listeners/(?<name>[^/]+)/(?<verb>pause|resume)");

    private static final Pattern POOL =
            Pattern.compile("/api/v1/pools/(?<name>[^/]+)/(?<verb>pause|resume)");
    private static final Pattern SERVER =
            Pattern.compile(
                    "/api/v1/servers/(?<name>[^/]+(?:/[^/]+)?)/(?<verb>drain|ready|maintenance|weight/(?<weight>[^/]+))");

    private static final Pattern SESSION = Pattern.compile("/api/v1/sessions/(?<id>[^/]+)/kill");

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Of the heap, for answers that are on their way to clients of either door. */
    private static final int SHARE_OF_HEAP = 8;

    private final Supplier<Status> status;
    private final Commands commands;
    private final Events events;
    private final Live live;
    private final Supplier<Past> past;
    private final Executor executor;

    /** Of the admin socket: who reads the stats address slowly is not in their way. */
    private final Renderings ofOperators;

    private final Renderings ofVisitors;
    private final JsonText json = new JsonText();

    /** What changes something. */
    interface Commands {
        CompletionStage<ReloadOutcome> reload();

        /** Has the program that is installed now take the place of this process. */
        CompletionStage<CommandOutcome> upgrade();

        /** What a reload would change, which does not happen. */
        CompletionStage<ReloadOutcome> preview();

        CompletionStage<CommandOutcome> resign(String router);

        CompletionStage<CommandOutcome> resume(String router);

        /** Lets nobody new in at a listener. */
        CompletionStage<CommandOutcome> pauseListener(String listener);

        CompletionStage<CommandOutcome> resumeListener(String listener);

        /** Done when nothing is under way any more in the pool. */
        CompletionStage<CommandOutcome> pausePool(String pool);

        CompletionStage<CommandOutcome> resumePool(String pool);

        /** {@code servers} as {@link ServersMeant#of} has it. */
        CompletionStage<CommandOutcome> duty(String servers, Duty duty);

        CompletionStage<CommandOutcome> weight(String servers, String weight);

        /**
         * What is with clients now, the longest there first; empty if it cannot be told any more.
         */
        CompletionStage<Optional<SessionList>> sessions(SessionFilter filter, int most);

        /**
         * Ends one of them.
         *
         * @param id as it was listed
         */
        CompletionStage<CommandOutcome> killSession(String id);

        /** Begins the graceful stop and returns. */
        void stop();

        /** Why this process should be considered dead, if so. */
        Optional<String> deadBecause();
    }

    Api(
            Supplier<Status> status,
            Commands commands,
            Events events,
            Live live,
            Supplier<Past> past,
            Executor executor) {
        this.status = status;
        this.commands = commands;
        this.events = events;
        this.live = live;
        this.past = past;
        this.executor = executor;
        long most = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
        this.ofOperators = new Renderings(executor, most);
        this.ofVisitors = new Renderings(executor, most);
    }

    /**
     * For the admin socket: everything. Somebody may have made it a port ({@code ssh -L}), where
     * any page that a browser shows could ask.
     */
    Handler admin() {
        return request ->
                isPost(request) && !SameOrigin.holds(request)
                        ? CompletableFuture.completedFuture(
                                Answer.text(403, "403 refused: a page from elsewhere asks\n"))
                        : everything(request);
    }

    private CompletionStage<Answer> everything(Request request) {
        return switch (request.path()) {
            case "/api/v1/reload" ->
                    isPost(request)
                            ? commands.reload().thenApply(done -> reloaded(request, done))
                            : notAllowed("POST");
            case "/api/v1/changes" ->
                    request.method().equals("GET")
                            ? commands.preview()
                                    .thenApply(
                                            done ->
                                                    previewed(
                                                            request, ofWhatIsMeant(request, done)))
                            : notAllowed("GET");
            case "/api/v1/upgrade" ->
                    isPost(request)
                            ? commands.upgrade().thenApply(done -> answer(request, done))
                            : notAllowed("POST");
            case "/api/v1/stop" -> isPost(request) ? stop() : notAllowed("POST");
            case "/api/v1/sessions" ->
                    request.method().equals("GET") ? sessions(request) : notAllowed("GET");
            default -> {
                Optional<Supplier<CompletionStage<CommandOutcome>>> command =
                        command(request.path());
                if (command.isEmpty()) {
                    yield read(request, ofOperators);
                }
                yield isPost(request)
                        ? command.get().get().thenApply(done -> answer(request, done))
                        : notAllowed("POST");
            }
        };
    }

    /** Whose they are is for operators alone, so not for who merely looks at the status. */
    private CompletionStage<Answer> sessions(Request request) {
        int most;
        try {
            most = SessionCommands.most(request.parameter("limit"));
        } catch (NumberFormatException _) {
            return CompletableFuture.completedFuture(said(request, 400, SessionCommands.LIMITS));
        }
        return commands.sessions(
                        new SessionFilter(
                                request.parameter("listener"),
                                request.parameter("pool"),
                                request.parameter("server")),
                        most)
                .thenApply(
                        found ->
                                found.map(list -> listed(request, list))
                                        .orElseGet(() -> said(request, 503, "buoy is stopping")));
    }

    private Answer listed(Request request, SessionList list) {
        return request.text()
                ? Answer.text(200, SessionsText.of(list, Instant.now(), paint(request)))
                : Answer.json(200, SessionsJson.of(list, json));
    }

    /** The command that a path names. */
    Optional<Supplier<CompletionStage<CommandOutcome>>> command(String path) {
        Matcher router = ROUTER.matcher(path);
        if (router.matches()) {
            return Optional.of(() -> router(router.group("name"), router.group("verb")));
        }
        Matcher listener = LISTENER.matcher(path);
        if (listener.matches()) {
            return Optional.of(() -> listener(listener.group("name"), listener.group("verb")));
        }
        Matcher pool = POOL.matcher(path);
        if (pool.matches()) {
            return Optional.of(() -> pool(pool.group("name"), pool.group("verb")));
        }
        Matcher session = SESSION.matcher(path);
        if (session.matches()) {
            return Optional.of(() -> commands.killSession(session.group("id")));
        }
        Matcher server = SERVER.matcher(path);
        return server.matches() ? Optional.of(() -> server(server)) : Optional.empty();
    }

    private CompletionStage<CommandOutcome> router(String name, String verb) {
        return verb.equals("resign") ? commands.resign(name) : commands.resume(name);
    }

    private CompletionStage<CommandOutcome> listener(String name, String verb) {
        return verb.equals("pause") ? commands.pauseListener(name) : commands.resumeListener(name);
    }

    private CompletionStage<CommandOutcome> pool(String name, String verb) {
        return verb.equals("pause") ? commands.pausePool(name) : commands.resumePool(name);
    }

    private CompletionStage<CommandOutcome> server(Matcher path) {
        String name = path.group("name");
        return switch (path.group("verb")) {
            case "drain" -> commands.duty(name, Duty.DRAIN);
            case "ready" -> commands.duty(name, Duty.READY);
            case "maintenance" -> commands.duty(name, Duty.MAINTENANCE);
            default -> commands.weight(name, path.group("weight"));
        };
    }

    /** What is said to who asked for a command. */
    Answer answer(Request request, CommandOutcome outcome) {
        int code =
                switch (outcome) {
                    case CommandOutcome.Done _ -> 200;
                    case CommandOutcome.Refused _ -> 409;
                    case CommandOutcome.Unknown _ -> 404;
                };
        return said(request, code, outcome.said());
    }

    private Answer said(Request request, int code, String said) {
        if (request.text()) {
            return Answer.text(code, (code == 200 ? "" : "buoy: ") + said + "\n");
        }
        return Answer.json(code, CommandOutcome.json(code == 200, said));
    }

    /** For the stats address: what changes nothing, and {@link Actions} for those who may act. */
    Handler stats(Log log) {
        return new Actions(this, request -> read(request, ofVisitors), log);
    }

    private CompletionStage<Answer> read(Request request, Renderings renderings) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return notAllowed(READ);
        }
        return switch (request.path()) {
            case "/" -> page(request, renderings);
            case "/api/v1/page" ->
                    CompletableFuture.completedFuture(
                            Answer.goingOn(Answer.EVENTS, RETRY, live.reader()));
            case "/api/v1/status" -> status(request, renderings);
            case "/api/v1/history" ->
                    inTime(
                            renderings.join(
                                    request.path(),
                                    () -> Answer.json(200, HistoryJson.of(past.get(), json))),
                            renderings);
            case "/metrics" ->
                    metrics(MetricsFormat.accepted(request.header("accept")), renderings);
            case "/healthz" ->
                    inTime(CompletableFuture.supplyAsync(this::liveness, executor), renderings);
            case "/api/v1/events" ->
                    CompletableFuture.completedFuture(
                            Answer.goingOn(
                                    Answer.EVENTS,
                                    RETRY,
                                    events.reader(request.header("last-event-id"))));
            default -> CompletableFuture.completedFuture(Answer.notFound(request));
        };
    }

    private CompletionStage<Answer> inTime(
            CompletableFuture<Answer> answer, Renderings renderings) {
        return answer.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> unanswered(failure, renderings));
    }

    /**
     * A reload that waits for a hung worker holds the status up; that must not look like silence.
     */
    private Answer unanswered(Throwable failure, Renderings renderings) {
        if (failure instanceof TimeoutException) {
            return Answer.text(
                    503, commands.deadBecause().orElseGet(() -> whySilent(renderings)) + "\n");
        }
        throw new CompletionException(failure);
    }

    private static String whySilent(Renderings renderings) {
        return renderings.isHeldUp()
                ? "others take too slowly what they have asked for; ask again"
                : "a part of buoy does not answer";
    }

    private static CompletionStage<Answer> notAllowed(String allowed) {
        return CompletableFuture.completedFuture(Answer.methodNotAllowed(allowed));
    }

    private static boolean isPost(Request request) {
        return request.method().equals("POST");
    }

    private CompletionStage<Answer> page(Request request, Renderings renderings) {
        Optional<String> token = request.visitor().flatMap(Visitor::token);
        return inTime(
                renderings.ask(
                        List.of(request.path(), token),
                        () ->
                                new Answer(
                                        200,
                                        Answer.HTML,
                                        live.page(token),
                                        Page.headers(token.isPresent()))),
                renderings);
    }

    private CompletionStage<Answer> status(Request request, Renderings renderings) {
        boolean text = request.text();
        Paint paint = paint(request);
        return inTime(
                renderings.ask(
                        List.of(request.path(), text, paint),
                        () ->
                                text
                                        ? Answer.text(200, StatusText.of(status.get(), paint))
                                        : Answer.parts(Answer.JSON, StatusJson.of(status.get()))),
                renderings);
    }

    private CompletionStage<Answer> metrics(MetricsFormat format, Renderings renderings) {
        return inTime(
                renderings.join(
                        format,
                        () -> Answer.parts(format.contentType(), Metrics.of(status.get(), format))),
                renderings);
    }

    /** Whoever asks knows where it will be shown. */
    private static Paint paint(Request request) {
        return request.parameter("color").filter("always"::equals).isPresent()
                ? Paint.COLOURED
                : Paint.PLAIN;
    }

    private Answer liveness() {
        return commands.deadBecause()
                .map(reason -> Answer.text(503, reason + "\n"))
                .orElseGet(() -> Answer.text(200, "ok\n"));
    }

    /** With the process id, so that who asked can see it end. */
    private CompletionStage<Answer> stop() {
        commands.stop();
        return CompletableFuture.completedFuture(
                Answer.json(
                        202,
                        json.of(
                                        out -> {
                                            out.writeStartObject();
                                            out.writeStringField("result", "stopping");
                                            out.writeNumberField(
                                                    "pid", ProcessHandle.current().pid());
                                            var me = ProcessStat.ofThisProcess();
                                            if (me.isPresent()) {
                                                out.writeNumberField(
                                                        "startTicks", me.get().startTicks());
                                            }
                                            out.writeEndObject();
                                        })
                                + "\n"));
    }

    private Answer reloaded(Request request, ReloadOutcome outcome) {
        return told(request, outcome, "reloaded: ", "not reloaded, what ran goes on: ");
    }

    private Answer previewed(Request request, ReloadOutcome outcome) {
        return told(request, outcome, "a reload would lead to: ", "not compared: ");
    }

    /** Who has checked one file is not told what another one would change. */
    private static ReloadOutcome ofWhatIsMeant(Request request, ReloadOutcome outcome) {
        Optional<String> meant = request.parameter("hash");
        return outcome instanceof ReloadOutcome.Applied(var hash, var _, var _)
                        && meant.isPresent()
                        && !meant.get().equals(hash)
                ? new ReloadOutcome.Refused(
                        "a reload reads another file (%s) than the one that was checked (`buoy status` names it: put yours there first)"
                                .formatted(hash))
                : outcome;
    }

    /**
     * @param done before the hash, where it went well
     * @param refused before the reason, where the system did not
     */
    private Answer told(Request request, ReloadOutcome outcome, String done, String refused) {
        int code =
                switch (outcome) {
                    case ReloadOutcome.Applied _ -> 200;
                    // RFC 9110 15.5.21: understood, and wrong.
                    case ReloadOutcome.Rejected _ -> 422;
                    // RFC 9110 15.5.10: in conflict with the state of this host.
                    case ReloadOutcome.Refused _ -> 409;
                };
        return request.text()
                ? Answer.text(code, text(outcome, done, refused))
                : Answer.json(code, json.of(out -> write(out, outcome)) + "\n");
    }

    private static String text(ReloadOutcome outcome, String done, String refused) {
        StringBuilder out = new StringBuilder();
        switch (outcome) {
            case ReloadOutcome.Applied(var hash, var changes, var warnings) -> {
                warnings.forEach(line -> out.append("warning: ").append(line).append('\n'));
                changes.forEach(line -> out.append(line).append('\n'));
                if (changes.isEmpty()) {
                    out.append("nothing changed in the configuration\n");
                }
                out.append(done).append(hash).append('\n');
            }
            // Problems alone, one a line, as `check` prints them.
            case ReloadOutcome.Rejected(var problems) ->
                    problems.forEach(line -> out.append(line).append('\n'));
            case ReloadOutcome.Refused(var why) ->
                    out.append("buoy: ").append(refused).append(why).append('\n');
        }
        return out.toString();
    }

    private static void write(JsonGenerator out, ReloadOutcome outcome) throws IOException {
        out.writeStartObject();
        out.writeStringField("result", outcome.word());
        List<String> lines = outcome.lines();
        out.writeArrayFieldStart(
                outcome instanceof ReloadOutcome.Applied ? "warnings" : "problems");
        for (String line : lines) {
            out.writeString(line);
        }
        out.writeEndArray();
        if (outcome instanceof ReloadOutcome.Applied(var hash, var changes, var _)) {
            out.writeStringField("hash", hash);
            out.writeArrayFieldStart("changes");
            for (String change : changes) {
                out.writeString(change);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }
}

package buoy.daemon;

import buoy.config.model.RateLimit;
import buoy.daemon.admin.Answer;
import buoy.daemon.admin.Handler;
import buoy.daemon.admin.Request;
import buoy.daemon.admin.SameOrigin;
import buoy.daemon.admin.Visitor;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.page.Action;
import buoy.daemon.page.AnswerPage;
import buoy.daemon.page.Page;
import buoy.lb.guard.ClientKeys;
import buoy.lb.guard.Rates;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What those may have done who have logged in at the stats address: some commands of the admin
 * socket, and no others.
 *
 * <p>A browser shows the password by itself, whoever made the page that asks. So a command has to
 * come from a page of this address ({@link SameOrigin}) and to have the token that only pages made
 * for this login have: in a field of its own, which no foreign page can send without being asked
 * first, or, where there is no script, in the form.
 */
final class Actions implements Handler {
    static final String TOKEN = "x-buoy-token";

    private static final Duration SAID_EVERY = Duration.ofMinutes(1);
    private static final int ADDRESSES = 64;

    private final Api api;
    private final Handler read;
    private final Log log;
    private final Rates said =
            new Rates(
                    new RateLimit(SAID_EVERY, 5, new RateLimit.Key.ClientAddress()),
                    System.nanoTime(),
                    ADDRESSES);

    /**
     * @param read answers all else
     */
    Actions(Api api, Handler read, Log log) {
        this.api = api;
        this.read = read;
        this.log = log;
    }

    @Override
    public CompletionStage<Answer> answer(Request request) {
        Optional<Visitor> who = request.visitor();
        Optional<String> token = who.flatMap(Visitor::token);
        Optional<Action.On> on = Action.at(withoutNumber(request.path()));
        if (token.isEmpty() || on.isEmpty() || !request.method().equals("POST")) {
            return read.answer(request);
        }
        if (!SameOrigin.holds(request)) {
            return refuse(request, who.get(), "it did not come from a page of this address");
        }
        String shown = request.header(TOKEN).or(() -> request.field("token")).orElse("");
        if (!Tokens.equal(shown, token.get())) {
            return refuse(
                    request,
                    who.get(),
                    "it came without the token of this login, or with one from before buoy was"
                            + " started or the password changed (load the page again)");
        }
        if (request.html() && request.field("sure").isEmpty()) {
            Optional<String> question = AnswerPage.ask(on.get(), token.get());
            if (question.isPresent()) {
                return CompletableFuture.completedFuture(html(200, question.get()));
            }
        }
        return perform(request, who.get());
    }

    /** A form has the number in a field. */
    private static String withNumber(Request request) {
        String path = request.path();
        return path.endsWith("/weight")
                ? path + "/" + request.field("weight").orElse("none")
                : path;
    }

    private static String withoutNumber(String path) {
        int number = path.indexOf("/weight/");
        return number < 0 ? path : path.substring(0, number + "/weight".length());
    }

    private CompletionStage<Answer> perform(Request request, Visitor who) {
        String path = withNumber(request);
        Optional<Supplier<CompletionStage<CommandOutcome>>> command = api.command(path);
        if (command.isEmpty()) {
            return CompletableFuture.completedFuture(Answer.notFound(request));
        }
        log.info(
                "stats",
                "%s from %s asks: %s".formatted(who.name(), StatsLogin.from(request), path),
                about(request, who, path));
        return command.get()
                .get()
                .thenApply(
                        outcome -> {
                            boolean done = outcome instanceof CommandOutcome.Done;
                            if (!done) {
                                log.warn(
                                        "stats",
                                        "%s from %s asked: %s: not done: %s"
                                                .formatted(
                                                        who.name(),
                                                        StatsLogin.from(request),
                                                        path,
                                                        outcome.said()),
                                        about(request, who, path).and("why", outcome.said()));
                            }
                            Answer answer = api.answer(request, outcome);
                            return request.html()
                                    ? html(answer.status(), AnswerPage.told(done, outcome.said()))
                                    : answer;
                        });
    }

    private static Fields about(Request request, Visitor who, String path) {
        return Fields.event(EventKind.ACTION)
                .and("user", who.name())
                .and("from", StatsLogin.from(request))
                .and("path", path);
    }

    private CompletionStage<Answer> refuse(Request request, Visitor who, String why) {
        long client = request.from().map(ClientKeys::of).orElse(0L);
        if (said.ask(client, System.nanoTime()) == 0) {
            log.warn(
                    "stats",
                    "refused what a browser of %s from %s asks: %s: %s"
                            .formatted(who.name(), StatsLogin.from(request), request.path(), why),
                    about(request, who, request.path()).and("why", why));
        }
        return CompletableFuture.completedFuture(
                request.html()
                        ? html(403, AnswerPage.told(false, "Refused: " + why))
                        : Answer.text(403, "403 refused: " + why + "\n"));
    }

    private static Answer html(int status, String page) {
        return new Answer(status, Answer.HTML, page, Page.headers(true));
    }
}

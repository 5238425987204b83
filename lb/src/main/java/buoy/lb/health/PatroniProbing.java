package buoy.lb.health;

import buoy.config.model.Health.Probe;
import buoy.config.model.Health.Role;
import buoy.lb.health.Outcome.Fit;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Patroni's REST API, which answers 200 where the role is the one asked for and 503 where it is
 * not, and either way says in the body what the node is. Newer ones keep the connection.
 */
final class PatroniProbing implements Probing {
    private final Role role;
    private final String word;
    private final String path;
    private final HttpConversation conversation;

    PatroniProbing(Probe.Patroni probe, Door door) {
        role = probe.role();
        word = role.name().toLowerCase(Locale.ROOT).replace('_', '-');
        boolean lags = role == Role.REPLICA || role == Role.ASYNC;
        path =
                lags && probe.maxLag().isPresent()
                        ? "/" + word + "?lag=" + probe.maxLag().getAsLong()
                        : "/" + word;
        conversation = new HttpConversation(door, probe.port());
    }

    @Override
    public Outcome ask(Duration timeout) {
        Patience patience = new Patience(timeout);
        Answer answer;
        try {
            answer = conversation.ask("GET", path, conversation.host(), "", true, patience);
        } catch (IOException refusal) {
            return new Outcome.Failed("Patroni: " + patience.words(refusal));
        }
        return switch (answer) {
            case Answer.NotHttp(String why) -> new Outcome.Failed("Patroni: " + why);
            case Answer.NeedMore _ -> new Outcome.Failed("Patroni: answer over 64 KiB");
            case Answer.Response(int status, String body, _) when status == 200 ->
                    yes(PatroniBody.read(body));
            case Answer.Response(int status, String body, _) when status == 503 ->
                    not(PatroniBody.read(body));
            case Answer.Response(int status, _, _) -> new Outcome.Failed("Patroni: HTTP " + status);
        };
    }

    /** Patroni calls one the primary from when it begins to promote it: it takes no writes yet. */
    private Outcome yes(PatroniBody body) {
        boolean recovering =
                role == Role.PRIMARY
                        && body.report().filter(report -> report.role() != role).isPresent();
        return recovering
                ? new Outcome.Clear(
                        Fit.NOT_YET, "Patroni: primary, still in recovery", body.report())
                : new Outcome.Clear(Fit.YES, "Patroni: " + word, body.report());
    }

    private Outcome not(PatroniBody body) {
        if (!body.running()) {
            String state = body.state().isEmpty() ? "" : ", it is " + body.state();
            // The role of a database that does not run is the one it had, and claims nothing.
            return new Outcome.Clear(Fit.NO, "Patroni: not " + word + state, Optional.empty());
        }
        // Patroni says no to a replica that lags, or that is tagged to take no load.
        return body.report().filter(report -> isWanted(report.role())).isPresent()
                ? new Outcome.Clear(
                        Fit.NO, "Patroni: " + word + " that lags or takes no load", body.report())
                : new Outcome.Clear(Fit.OTHER_ROLE, "Patroni: not " + word, body.report());
    }

    private boolean isWanted(Role is) {
        return switch (role) {
            case REPLICA -> is == Role.REPLICA || is == Role.SYNC;
            case ASYNC -> is == Role.REPLICA;
            case PRIMARY, SYNC, STANDBY_LEADER -> is == role;
        };
    }

    @Override
    public void close() {
        conversation.close();
    }
}

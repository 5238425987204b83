package buoy.daemon.page;

import java.util.Optional;

/**
 * What visitors may have done: each is one request of the API, that of the admin socket.
 *
 * <p>What hurts is asked about first, and what has a number asks for it.
 */
public enum Action {
    READY("servers", "ready", "Ready", ""),
    DRAIN("servers", "drain", "Drain", ""),
    MAINTENANCE(
            "servers",
            "maintenance",
            "Maintenance",
            "Take server %s out? It counts as down, and what is still under way when the pool's drain is over is cut."),
    WEIGHT(
            "servers",
            "weight",
            "Weight",
            "Which share of new work is server %s to have, 0 to 256?"),
    PAUSE_LISTENER(
            "listeners",
            "pause",
            "Pause",
            "Pause listener %s? Nobody new is let in; who is there stays."),
    RESUME_LISTENER("listeners", "resume", "Resume", ""),
    PAUSE(
            "pools",
            "pause",
            "Pause",
            "Pause pool %s? What is new waits, and what is still under way when the pool's drain is over is cut."),
    RESUME_POOL("pools", "resume", "Resume", ""),
    RESIGN(
            "routers",
            "resign",
            "Resign",
            "Have router %s resign? A peer takes its addresses, and it stays so until it is resumed."),
    RESUME_ROUTER(
            "routers",
            "resume",
            "Resume",
            "Have router %s take part again? If it preempts, it takes the addresses at once.");

    private static final String API = "/api/v1/";

    private final String kind;
    private final String verb;
    private final String label;
    private final String question;

    Action(String kind, String verb, String label, String question) {
        this.kind = kind;
        this.verb = verb;
        this.label = label;
        this.question = question;
    }

    /** An action on one thing. */
    public record On(Action action, String name) {}

    /** Which one a path of the API is, if it is one. */
    public static Optional<On> at(String path) {
        for (Action each : values()) {
            String start = API + each.kind + "/";
            String end = "/" + each.verb;
            if (path.startsWith(start)
                    && path.endsWith(end)
                    && path.length() > start.length() + end.length()) {
                return Optional.of(
                        new On(each, path.substring(start.length(), path.length() - end.length())));
            }
        }
        return Optional.empty();
    }

    /** Of a router, a listener, a pool, or a {@code POOL/SERVER}. */
    String path(String name) {
        return API + kind + "/" + name + "/" + verb;
    }

    /** On its button. */
    String label() {
        return label;
    }

    /** The same for who does not see what stands beside it. */
    String label(String name) {
        return label + " " + name;
    }

    /** What is to be answered first, if anything. */
    public Optional<String> question(String name) {
        return question.isEmpty() ? Optional.empty() : Optional.of(question.formatted(name));
    }
}

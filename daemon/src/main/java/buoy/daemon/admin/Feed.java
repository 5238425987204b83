package buoy.daemon.admin;

import java.util.Optional;

/** What follows the beginning of an answer, piece by piece, for as long as the client stays. */
public interface Feed {
    /**
     * Said when there was nothing else for a while, so that both ends know that the other lives.
     */
    String PULSE = ":\n\n";

    /** The next piece; empty if there is none now. On the doors' thread: must not wait. */
    Optional<String> next();

    /** Whether there will be no next one: the connection is closed then. */
    boolean over();

    /** From now on {@code wake} is run, on any thread, when there may be more. */
    void begin(Runnable wake);

    /**
     * The client has gone.
     *
     * @param cut whether it was sent away because it took nothing for long
     */
    void end(boolean cut);
}

package buoy.daemon.admin;

import java.util.concurrent.CompletionStage;

/**
 * Answers requests. Called on the event loop of the doors: it must not block, but may take time.
 */
@FunctionalInterface
public interface Handler {
    CompletionStage<Answer> answer(Request request);

    /**
     * Whether visitors have to show who they are. Then a name of somebody else that leads here
     * opens nothing: browsers show passwords to the name that they were given for.
     */
    default boolean asksWho() {
        return false;
    }
}

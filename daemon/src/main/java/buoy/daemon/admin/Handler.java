package buoy.daemon.admin;

import java.util.concurrent.CompletionStage;

/**
 * Answers requests. Called on the event loop of the doors: it must not block, but may take time.
 */
@FunctionalInterface
public interface Handler {
    CompletionStage<Answer> answer(Request request);
}

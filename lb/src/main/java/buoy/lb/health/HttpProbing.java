package buoy.lb.health;

import buoy.config.model.Health.Probe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One request on a connection of its own: that a connection can be made is part of the question.
 */
final class HttpProbing implements Probing {
    private final Probe.Http probe;
    private final HttpConversation conversation;

    HttpProbing(Probe.Http probe, Door door) {
        this.probe = probe;
        this.conversation =
                new HttpConversation(door, probe.port().orElse(door.server().port()), false);
    }

    @Override
    public Outcome ask(Duration timeout) {
        Patience patience = new Patience(timeout);
        Answer answer;
        try {
            answer =
                    conversation.ask(
                            probe.method(),
                            probe.path(),
                            probe.host().orElseGet(conversation::host),
                            probe.body().isPresent(),
                            patience);
        } catch (IOException refusal) {
            return new Outcome.Failed(patience.words(refusal));
        }
        return switch (answer) {
            case Answer.NotHttp(String why) -> new Outcome.Failed(why);
            case Answer.NeedMore _ -> new Outcome.Failed("answer over 64 KiB");
            case Answer.Response(int status, _, _) when !probe.expect().contains(status) ->
                    new Outcome.Failed("HTTP " + status);
            case Answer.Response(int status, String body, _)
                    when probe.body().isPresent() && !body.contains(octets(probe.body().get())) ->
                    new Outcome.Failed("HTTP " + status + " without the expected body");
            case Answer.Response(int status, _, _) -> new Outcome.Passed("HTTP " + status);
        };
    }

    /** As the answer's body is read: an octet a char. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        conversation.close();
    }
}

package buoy.lb.health;

import buoy.config.model.Health.Probe;
import buoy.config.model.Pool.Protocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/**
 * One request, on a connection that is kept where the server keeps it. In HTTP/2 where the server
 * does its work in it; on another port in HTTP/1.1.
 */
final class HttpProbing implements Probing {
    /** Methods whose requests are expected to have content, if only none of it. */
    private static final Set<String> HAVE_CONTENT = Set.of("POST", "PUT", "PATCH");

    /**
     * Then the next has a new connection, though the one before is there: a server may serve those
     * it has, and accept no more.
     */
    private static final int CHECKS_OF_A_CONNECTION = 10;

    private final Probe.Http probe;
    private final Door door;
    private int asked;
    private final HttpConversation conversation;
    private final StreamConversation streams;

    HttpProbing(Probe.Http probe, Door door) {
        this.probe = probe;
        this.door = door;
        int port = probe.port().orElse(door.server().port());
        this.conversation = new HttpConversation(door, port);
        this.streams = new StreamConversation(door, port);
    }

    @Override
    public Outcome ask(Duration timeout) {
        Patience patience = new Patience(timeout);
        if (++asked % CHECKS_OF_A_CONNECTION == 0) {
            close();
        }
        Answer answer;
        try {
            answer = asksStreams() ? askStreams(patience) : askHttp1(patience);
        } catch (IOException refusal) {
            return new Outcome.Failed(patience.words(refusal));
        }
        return switch (answer) {
            case Answer.NotHttp(String why) -> new Outcome.Failed(why);
            case Answer.NeedMore _ -> new Outcome.Failed("answer over 64 KiB");
            case Answer.Response(int status, _, _) when !isExpected(status) ->
                    new Outcome.Failed("HTTP " + status);
            case Answer.Response(int status, String body, _)
                    when probe.body().isPresent() && !body.contains(octets(probe.body().get())) ->
                    new Outcome.Failed("HTTP " + status + " without the expected body");
            case Answer.Response(int status, String body, _)
                    when probe.bodyPattern().isPresent()
                            && !probe.bodyPattern().get().matcher(body).find() ->
                    new Outcome.Failed("HTTP " + status + " with a body the pattern does not fit");
            case Answer.Response(int status, _, _) -> new Outcome.Passed("HTTP " + status);
        };
    }

    private boolean isExpected(int status) {
        return probe.expect().stream().anyMatch(range -> range.contains(status));
    }

    /** Further fields, each with its line end. */
    private String fields() {
        StringBuilder lines = new StringBuilder();
        probe.headers().forEach((name, value) -> lines.append("%s: %s\r\n".formatted(name, value)));
        if (HAVE_CONTENT.contains(probe.method())) {
            // RFC 9110 8.6; some answer 411 without it.
            lines.append("Content-Length: 0\r\n");
        }
        return lines.toString();
    }

    private boolean asksStreams() {
        return door.protocol().get() != Protocol.HTTP1
                && probe.port().orElse(door.server().port()) == door.server().port();
    }

    private Answer askHttp1(Patience patience) throws IOException {
        return conversation.ask(
                probe.method(),
                probe.path(),
                probe.host().orElseGet(conversation::host),
                fields(),
                probe.readsBody(),
                patience);
    }

    private Answer askStreams(Patience patience) throws IOException {
        String head =
                """
                %s %s HTTP/1.1\r
                Host: %s\r
                User-Agent: buoy\r
                Accept: */*\r
                %s\r
                """
                        .formatted(
                                probe.method(),
                                probe.path(),
                                probe.host().orElseGet(streams::host),
                                fields());
        StreamConversation.Reply reply = streams.ask(head, new byte[0], patience);
        return new Answer.Response(
                reply.status(), new String(reply.content(), StandardCharsets.ISO_8859_1), false);
    }

    /** As the answer's body is read: an octet a char. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        conversation.close();
        streams.close();
    }
}

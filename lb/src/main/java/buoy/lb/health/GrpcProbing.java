package buoy.lb.health;

import buoy.config.model.Health.Probe;
import java.io.IOException;
import java.time.Duration;

/** A call of {@code grpc.health.v1.Health/Check}, on a kept connection. */
final class GrpcProbing implements Probing {
    // Codes of gRPC.
    private static final String OK = "0";
    private static final String NOT_FOUND = "5";
    private static final String UNIMPLEMENTED = "12";

    private final Probe.Grpc probe;
    private final StreamConversation conversation;

    GrpcProbing(Probe.Grpc probe, Door door) {
        this.probe = probe;
        this.conversation = new StreamConversation(door, door.server().port());
    }

    @Override
    public Outcome ask(Duration timeout) {
        Patience patience = new Patience(timeout);
        StreamConversation.Reply reply;
        try {
            reply =
                    conversation.ask(
                            """
                            POST /grpc.health.v1.Health/Check HTTP/1.1\r
                            Host: %s\r
                            Content-Type: application/grpc\r
                            TE: trailers\r
                            User-Agent: buoy\r
                            \r
                            """
                                    .formatted(conversation.host()),
                            GrpcHealthMessage.request(probe.service()),
                            patience);
        } catch (IOException refusal) {
            return new Outcome.Failed(patience.words(refusal));
        }
        if (reply.status() != 200) {
            return new Outcome.Failed("HTTP " + reply.status());
        }
        return switch (reply.grpcStatus()) {
            case OK -> {
                int status = GrpcHealthMessage.status(reply.content());
                String word = GrpcHealthMessage.word(status);
                yield status == GrpcHealthMessage.SERVING
                        ? new Outcome.Passed(word)
                        : new Outcome.Failed(word);
            }
            case NOT_FOUND -> new Outcome.Failed("the server does not know the service");
            case UNIMPLEMENTED -> new Outcome.Failed("the server has no grpc.health.v1");
            case "" -> new Outcome.Failed("no grpc-status");
            default -> new Outcome.Failed("grpc-status " + number(reply.grpcStatus()));
        };
    }

    /** What a server sent, for people. */
    private static String number(String sent) {
        return sent.matches("[0-9]{1,3}") ? sent : "that is no number";
    }

    @Override
    public void close() {
        conversation.close();
    }
}

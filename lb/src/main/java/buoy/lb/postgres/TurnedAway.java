package buoy.lb.postgres;

import buoy.lb.listen.FirstMessage;
import buoy.lb.pool.Reason;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;

/**
 * Tells a client that no server takes it: {@code ErrorResponse}. A client that asked for encryption
 * first is refused that, since an error in its place would be thrown away unread by libpq, and told
 * when it goes on without.
 */
final class TurnedAway implements FirstMessage.Told<Startup> {
    /** GSSENCRequest, SSLRequest, StartupMessage: nobody needs more. */
    private static final int MOST_MESSAGES = 3;

    private final Worker worker;
    private final DuplexChannel client;
    private final Refusal refusal;
    private int left = MOST_MESSAGES;

    private TurnedAway(Worker worker, DuplexChannel client, Refusal refusal) {
        this.worker = worker;
        this.client = client;
        this.refusal = refusal;
    }

    /** Answers the client's last message. Its failure is counted already. */
    static void answer(Worker worker, DuplexChannel client, Startup message, Refusal refusal) {
        new TurnedAway(worker, client, refusal).answer(message);
    }

    private void answer(Startup message) {
        switch (message) {
            case Startup.WantsTls _, Startup.WantsGss _ when left > 1 -> {
                left--;
                var _ = client.writeAndFlush(Unpooled.wrappedBuffer(Startup.withoutEncryption()));
                var _ = FirstMessage.await(worker, client, Startup::whole, this);
            }
            case Startup.Hello _ ->
                    client.writeAndFlush(Unpooled.wrappedBuffer(refusal.message()))
                            .addListener(ChannelFutureListener.CLOSE);
            case Startup.WantsTls _,
                    Startup.WantsGss _,
                    Startup.DirectTls _,
                    Startup.WantsCancel _,
                    Startup.NotPostgres _,
                    Startup.NeedMore _ -> {
                var _ = client.close();
            }
        }
    }

    @Override
    public void arrived(Startup message, ByteBuf bytes) {
        bytes.release();
        answer(message);
    }

    @Override
    public void missing(Reason unused) {
        var _ = client.close();
    }
}

package buoy.lb.postgres;

import buoy.lb.pool.Reason;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;

/**
 * Tells a client that no server takes it: {@code ErrorResponse} with SQLSTATE 57P03
 * (cannot_connect_now). A client that asked for encryption first is refused that, since an error in
 * its place would be thrown away unread by libpq, and told when it goes on without.
 */
final class TurnedAway extends FirstMessage {
    private static final String CANNOT_CONNECT_NOW = "57P03";

    /** GSSENCRequest, SSLRequest, StartupMessage: nobody needs more. */
    private static final int MOST_MESSAGES = 3;

    private final Reason reason;
    private final int left;

    private TurnedAway(Worker worker, SocketChannel client, Reason reason, int left) {
        super(worker, client);
        this.reason = reason;
        this.left = left;
    }

    /** Answers the client's first message. Its failure is counted already. */
    static void answer(Worker worker, SocketChannel client, Startup message, Reason reason) {
        new TurnedAway(worker, client, reason, MOST_MESSAGES).answer(message);
    }

    private void answer(Startup message) {
        switch (message) {
            case Startup.WantsTls _, Startup.WantsGss _ when left > 1 -> {
                var _ = client.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'N'}));
                // A fresh one, for the next message.
                new TurnedAway(worker, client, reason, left - 1).begin();
            }
            case Startup.Hello _ -> {
                byte[] error =
                        Startup.fatal(
                                CANNOT_CONNECT_NOW,
                                "no database server is available now (" + reason + ")");
                client.writeAndFlush(Unpooled.wrappedBuffer(error))
                        .addListener(ChannelFutureListener.CLOSE);
            }
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
    void arrived(Startup message, ByteBuf bytes) {
        bytes.release();
        answer(message);
    }

    @Override
    void missing(Reason unused) {
        var _ = client.close();
    }
}

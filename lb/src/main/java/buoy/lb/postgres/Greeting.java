package buoy.lb.postgres;

import buoy.lb.listen.Client;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.relay.Session;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client that has not said what it wants; then its session.
 *
 * <p>Where all clients go to one pool the first message decides: encryption is between client and
 * server then. Where routes differ, the StartupMessage has to be read: a request for encryption is
 * declined, and what the client says next is looked at.
 */
final class Greeting implements Client, FirstMessage.Told {
    /** SSLRequest and GSSENCRequest, in either order, and what follows. */
    private static final int MOST_MESSAGES = 3;

    private final Worker worker;
    private final Listening listening;
    private final PostgresFront front;
    private final SocketChannel client;
    private int left = MOST_MESSAGES;
    private @Nullable FirstMessage awaited;
    private @Nullable Session session;

    Greeting(Worker worker, Listening listening, PostgresFront front, SocketChannel client) {
        this.worker = worker;
        this.listening = listening;
        this.front = front;
        this.client = client;
    }

    void begin() {
        left--;
        awaited = FirstMessage.await(worker, client, this);
    }

    @Override
    public void arrived(Startup message, ByteBuf bytes) {
        Routes routes = front.routes();
        Optional<Pool> only = routes.only();
        switch (message) {
            case Startup.WantsCancel cancel -> cancel(cancel, bytes);
            case Startup.Hello _, Startup.WantsTls _, Startup.WantsGss _, Startup.DirectTls _
                    when only.isPresent() ->
                    open(only.get(), message, bytes);
            case Startup.Hello hello -> route(hello, bytes);
            case Startup.WantsTls _, Startup.WantsGss _ when left > 0 -> decline(bytes);
            case Startup.WantsTls _,
                    Startup.WantsGss _,
                    Startup.DirectTls _,
                    Startup.NotPostgres _,
                    Startup.NeedMore _ -> {
                bytes.release();
                missing(Reason.BAD_STARTUP);
            }
        }
    }

    private void cancel(Startup.WantsCancel cancel, ByteBuf bytes) {
        ByteBuf message = bytes.readRetainedSlice(cancel.length());
        bytes.release();
        Cancel.forward(
                worker,
                listening,
                front.cancels(),
                cancel.key(),
                front.routes().pools(),
                client,
                message);
    }

    private void route(Startup.Hello hello, ByteBuf bytes) {
        Optional<Pool> pool = front.routes().choose(hello.parameters());
        if (pool.isPresent()) {
            open(pool.get(), hello, bytes);
        } else {
            bytes.release();
            listening.tally(worker).failed(Reason.NO_ROUTE);
            TurnedAway.answer(worker, client, hello, Refusal.noRoute(hello.parameters()));
        }
    }

    /**
     * The server refuses bytes behind a request for encryption too (CVE-2021-23214): whoever put
     * them there has not seen the answer.
     */
    private void decline(ByteBuf bytes) {
        boolean more = bytes.readableBytes() > Startup.REQUEST;
        bytes.release();
        if (more) {
            missing(Reason.BAD_STARTUP);
        } else {
            var _ = client.writeAndFlush(Unpooled.wrappedBuffer(Startup.withoutEncryption()));
            begin();
        }
    }

    private void open(Pool pool, Startup message, ByteBuf bytes) {
        session =
                Session.open(
                        worker, listening, pool, client, front.idle(), bytes, new Manner(message));
    }

    /** How a session is a PostgreSQL one. */
    private final class Manner implements Session.Manner {
        private final Startup begun;

        /**
         * @param begun what the client said last
         */
        Manner(Startup begun) {
            this.begun = begun;
        }

        @Override
        public void refuse(SocketChannel refused, Reason reason) {
            TurnedAway.answer(worker, refused, begun, Refusal.noServer(reason));
        }

        @Override
        public boolean mayEndFirst() {
            return false;
        }

        @Override
        public void joined(Server server, SocketChannel channel) {
            if (begun instanceof Startup.Hello) {
                channel.pipeline().addLast(new KeyWatch(front.cancels(), server));
            }
        }
    }

    @Override
    public void missing(Reason reason) {
        listening.tally(worker).failed(reason);
        var _ = client.close();
    }

    @Override
    public void cut(Reason reason) {
        Session begun = session;
        FirstMessage message = awaited;
        if (begun != null) {
            begun.cut(reason);
        } else if (message != null) {
            message.giveUp(reason);
        }
    }
}

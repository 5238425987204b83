package buoy.lb.postgres;

import buoy.lb.listen.Client;
import buoy.lb.listen.FirstMessage;
import buoy.lb.listen.Handshake;
import buoy.lb.listen.Listening;
import buoy.lb.listen.Securing;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.proxy.Ends;
import buoy.lb.relay.Session;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client that has not said what it wants; then its session.
 *
 * <p>Where the listener has TLS it ends here: {@code SSLRequest} is answered with {@code S}, or the
 * client begins with a handshake as PostgreSQL 17's may, and says what it wants within. Without, if
 * all clients go to one pool that is spoken to in clear, encryption is between client and server,
 * where the server has it. Otherwise the StartupMessage has to be read: a request for encryption is
 * declined, and what the client says next is looked at.
 */
final class Greeting implements Client, FirstMessage.Told<Startup>, Handshake.Told {
    /** SSLRequest and GSSENCRequest, in either order, and what follows. */
    private static final int MOST_MESSAGES = 3;

    /**
     * So long a request for TLS may be left to the servers alone. Clients wait for the answer 5 s
     * (pgjdbc's {@code sslResponseTimeout}), and for a session as long as they like.
     */
    private static final Duration BEFORE_HABIT = Duration.ofSeconds(1);

    private final Worker worker;
    private final Listening listening;
    private final PostgresFront front;
    private final Routes routes;
    private final DuplexChannel client;
    private final Ends ends;
    private final Optional<Securing> tls;
    private int left = MOST_MESSAGES;
    private boolean direct;
    private boolean secured;

    /** It was told that there is no encryption here. */
    private boolean inClear;

    private Seat seat = Seat.NONE;
    private @Nullable FirstMessage<Startup> awaited;
    private @Nullable Handshake handshake;
    private @Nullable Session session;

    Greeting(
            Worker worker,
            Listening listening,
            PostgresFront front,
            DuplexChannel client,
            Ends ends,
            Optional<Securing> tls) {
        this.worker = worker;
        this.listening = listening;
        this.front = front;
        this.routes = front.routes().of(ends.client().getAddress());
        this.client = client;
        this.ends = ends;
        this.tls = tls;
    }

    @Override
    public void isAt(Seat at) {
        seat = at;
    }

    void begin() {
        left--;
        awaited = FirstMessage.await(worker, client, Startup::whole, this);
    }

    @Override
    public void arrived(Startup message, ByteBuf bytes) {
        Optional<Pool> passing = tls.isPresent() ? Optional.empty() : routes.open();
        switch (message) {
            case Startup.WantsCancel cancel -> cancel(cancel, bytes);
            case Startup.Hello hello -> route(hello, bytes);
            case Startup.WantsTls _ when mayAsk(bytes) && passing.isPresent() -> {
                bytes.skipBytes(Startup.REQUEST);
                ask(passing.get(), bytes);
            }
            case Startup.WantsGss _, Startup.DirectTls _ when !inClear && passing.isPresent() ->
                    open(passing.get(), bytes, new Manner.Passing(worker, message));
            case Startup.WantsTls _ when mayAsk(bytes) && tls.isPresent() -> {
                bytes.release();
                say(Startup.withTls());
                secure(tls.get(), null);
            }
            case Startup.WantsTls _, Startup.WantsGss _ when mayAsk(bytes) -> {
                bytes.release();
                goOnInClear();
            }
            case Startup.DirectTls _ when left == MOST_MESSAGES - 1 && tls.isPresent() -> {
                direct = true;
                secure(tls.get(), bytes);
            }
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

    /**
     * Whether it may ask for encryption now, with nothing behind the request: whoever put something
     * there has not seen the answer (CVE-2021-23214).
     */
    private boolean mayAsk(ByteBuf bytes) {
        return !secured && left > 0 && bytes.readableBytes() == Startup.REQUEST;
    }

    private void ask(Pool pool, ByteBuf bytes) {
        String name = pool.name();
        Manner.Asking asking =
                new Manner.Asking(
                        worker,
                        tls -> front.habits().heard(name, tls),
                        this::goOnInClear,
                        () -> missing(Reason.SERVER_TLS_FAILED));
        open(pool, bytes, asking);
        Session waiting = session;
        if (waiting != null) {
            var _ =
                    worker.loop()
                            .schedule(
                                    () -> answerByHabit(name, asking, waiting),
                                    BEFORE_HABIT.toNanos(),
                                    TimeUnit.NANOSECONDS);
        }
    }

    /** No server is there to say whether there is TLS: it is as it was with the last one. */
    private void answerByHabit(String pool, Manner.Asking asking, Session waiting) {
        Optional<Boolean> tls = front.habits().of(pool);
        if (tls.isEmpty() || !waiting.isWaiting()) {
            return;
        }
        if (tls.get()) {
            asking.promise(client);
        } else {
            waiting.withdraw();
            goOnInClear();
        }
    }

    private void say(byte[] answer) {
        var _ = client.writeAndFlush(Unpooled.wrappedBuffer(answer));
    }

    private void goOnInClear() {
        inClear = true;
        session = null;
        say(Startup.withoutEncryption());
        begin();
    }

    private void secure(Securing with, @Nullable ByteBuf read) {
        handshake = Handshake.await(client, with, read, this);
    }

    @Override
    public void secured(Optional<String> alpn) {
        secured = true;
        if (direct && alpn.isEmpty()) {
            // As the server has it: without the protocol's name it may be a browser that somebody
            // has sent here (PostgreSQL 17, ALPACA).
            missing(Reason.BAD_STARTUP);
        } else {
            left = 1;
            begin();
        }
    }

    @Override
    public void unsecured(Reason reason) {
        listening.tally(worker).failed(reason);
    }

    private void cancel(Startup.WantsCancel cancel, ByteBuf bytes) {
        ByteBuf message = bytes.readRetainedSlice(cancel.length());
        bytes.release();
        Cancel.forward(
                worker, listening, front.cancels(), cancel.key(), routes.pools(), client, message);
    }

    private void route(Startup.Hello hello, ByteBuf bytes) {
        byte[] message = new byte[hello.length()];
        bytes.readBytes(message);
        Optional<Pool> pool = routes.choose(hello.parameters());
        if (pool.isPresent()) {
            Login login = new Login(client, message, bytes.isReadable(), this::partWays);
            open(pool.get(), bytes, new Manner.Read(worker, hello, login, front.cancels()));
        } else {
            bytes.release();
            listening.tally(worker).failed(Reason.NO_ROUTE);
            TurnedAway.answer(worker, client, hello, Refusal.noRoute(hello.parameters()));
        }
    }

    /** The server is lost that the client has heard, and those that are left ask something else. */
    private void partWays() {
        Session waiting = session;
        if (waiting != null) {
            waiting.turnAway(Reason.SERVER_DOWN);
        }
    }

    /**
     * @param bytes that the client sent and nobody has passed on; taken over
     */
    private void open(Pool pool, ByteBuf bytes, Session.Manner manner) {
        ByteBuf early = bytes;
        if (!bytes.isReadable()) {
            bytes.release();
            early = null;
        }
        awaited = null;
        Session begun =
                Session.open(worker, listening, pool, client, ends, front.idle(), early, manner);
        if (awaited == null) {
            session = begun;
            if (!(manner instanceof Manner.Asking)) {
                // It may be there for days, and cannot be withdrawn: this is of no more use.
                seat.takenBy(begun);
            }
        }
    }

    @Override
    public void missing(Reason reason) {
        listening.tally(worker).failed(reason);
        var _ = client.close();
    }

    @Override
    public Doing doing() {
        Session begun = session;
        return begun == null ? Doing.of(Doing.State.BEGINNING) : begun.doing();
    }

    @Override
    public void cut(Reason reason) {
        Session begun = session;
        Handshake shaking = handshake;
        FirstMessage<Startup> message = awaited;
        if (begun != null) {
            begun.cut(reason);
        } else if (shaking != null && !secured) {
            shaking.giveUp(reason);
        } else if (message != null) {
            message.giveUp(reason);
        }
    }
}

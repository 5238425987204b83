package buoy.lb.relay;

import buoy.lb.listen.Client;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Dial;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Opening;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.pool.Work;
import buoy.lb.proxy.Ends;
import buoy.lb.select.Hash;
import buoy.lb.worker.EndOfInput;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client's session with a server of a pool: it waits while a server is found, then is a {@link
 * Relay}. While it waits it is the last handler of the client's pipeline.
 */
public final class Session extends ChannelInboundHandlerAdapter
        implements Client, Dial.Answer, Relay.Ended, Work {
    /** What differs from protocol to protocol. */
    public interface Manner {
        /**
         * No server takes the client. Called once, with the session out of the pipeline. It closes
         * the channel in the end.
         */
        void refuse(DuplexChannel client, Reason reason);

        /**
         * The client has sent something, and there is no session with a server yet. It is the
         * manner that reads from the client until then.
         *
         * @param early all that is for the server; the session's
         * @return how many octets of it are not: the manner has them, and says them to servers
         */
        default int arrived(ByteBuf early) {
            return 0;
        }

        /**
         * The client has ended its half, and there is no session with a server yet.
         *
         * @return whether it still wants an answer; where not, it is gone
         */
        default boolean endsFirst() {
            return true;
        }

        /** What a connection to a server needs first. */
        Opening opening();

        /**
         * Whether the connection that stands is of use. If not, it is closed, the session is over
         * without having been one, and {@link #dissolved} is called.
         */
        default boolean wants() {
            return true;
        }

        /**
         * The client is as it was before the session, which is out of its pipeline.
         *
         * @param early what the client sent; taken over
         */
        default void dissolved(@Nullable ByteBuf early) {
            throw new IllegalStateException("this session is always wanted");
        }

        /**
         * The connection to a server stands; no byte has passed over the relay yet.
         *
         * @param ready run when the session has begun, for the server too
         */
        default void joined(Server server, DuplexChannel channel, Runnable ready) {
            ready.run();
        }

        /** As {@link Relay.Ended#lastWord}, also while there is no server yet. */
        default Optional<byte[]> lastWord(Reason reason) {
            return Optional.empty();
        }

        /** With what the client has said of itself. */
        default Doing tell(Doing doing) {
            return doing;
        }

        /** The relay runs: what was held back of the server's may pass now. */
        default void relaying() {}

        /**
         * What is left of it once the session has begun, which may last for days: nothing of how it
         * began.
         */
        default Manner settled() {
            return this;
        }
    }

    private final Worker worker;
    private final Listening listening;
    private final DuplexChannel client;
    private final Ends ends;
    private final Duration idle;
    private Manner manner;
    private final long opened = System.nanoTime();
    private @Nullable ByteBuf early;

    /** Octets of the client that the manner has taken, for servers. */
    private int taken;

    private boolean clientEnded;

    /** Null once the server that it found is ready: a session may be there for days after that. */
    private @Nullable Dial dial;

    private @Nullable Server server;
    private long joined;
    private @Nullable Relay relay;
    private boolean over;

    private Session(
            Worker worker,
            Listening listening,
            DuplexChannel client,
            Ends ends,
            Duration idle,
            Manner manner,
            @Nullable ByteBuf early) {
        this.worker = worker;
        this.listening = listening;
        this.client = client;
        this.ends = ends;
        this.idle = idle;
        this.manner = manner;
        this.early = early;
    }

    /**
     * Finds a server and joins it with the client.
     *
     * @param early what the client sent already; the session takes it over
     */
    public static Session open(
            Worker worker,
            Listening listening,
            Pool pool,
            DuplexChannel client,
            Ends ends,
            Duration idle,
            @Nullable ByteBuf early,
            Manner manner) {
        Session session = new Session(worker, listening, client, ends, idle, manner, early);
        client.pipeline().addLast(session);
        Opening opening = manner.opening();
        Dial dial =
                new Dial(
                        worker,
                        pool,
                        session,
                        (fresh, opened) -> {
                            // What is read while it is opened is copied or decrypted at once.
                            worker.shareReads(fresh.channel());
                            opening.open(fresh, opened);
                        },
                        session);
        session.dial = dial;
        dial.start();
        return session;
    }

    @Override
    public long source() {
        return Hash.of(ends.client().getAddress().getAddress());
    }

    @Override
    public Ends ends() {
        return ends;
    }

    @Override
    public void connected(Server server, DuplexChannel channel) {
        if (!manner.wants()) {
            dissolve(server, channel);
            return;
        }
        this.server = server;
        this.joined = System.nanoTime();
        server.roster(worker).add(this);
        Dial found = dial;
        if (found == null) {
            throw new IllegalStateException("a server was found that nobody looked for");
        }
        server.tally(worker).latency(found.answeredAt() - opened);
        client.pipeline().remove(this);
        manner.joined(server, channel, this::begun);
        Relay made =
                new Relay(
                        worker,
                        client,
                        channel,
                        listening.tally(worker),
                        server.tally(worker),
                        idle,
                        Reason.IDLE_TIMEOUT,
                        this);
        relay = made;
        ByteBuf bytes = early;
        early = null;
        made.start(bytes, clientEnded);
        manner.relaying();
    }

    private void begun() {
        ready();
        manner = manner.settled();
    }

    private void ready() {
        Dial found = dial;
        if (found != null) {
            dial = null;
            found.ready();
        }
    }

    private void abandon() {
        Dial looking = dial;
        if (looking != null) {
            looking.abandon();
        }
    }

    @Override
    public boolean saysReady() {
        return true;
    }

    @Override
    public Doing doing() {
        Relay running = relay;
        Server with = server;
        Dial looking = dial;
        if (!over && running != null && with != null) {
            return manner.tell(
                    Doing.of(Doing.State.SESSION, with)
                            .plus(running.fromClient(), running.toClient()));
        }
        return over || looking == null
                ? Doing.of(Doing.State.ENDING)
                : manner.tell(looking.doing());
    }

    /** Whether there is no server yet. */
    public boolean isWaiting() {
        return !over && relay == null;
    }

    /** Waits no longer: the client is as it was before, but for what it has sent meanwhile. */
    public void withdraw() {
        over = true;
        releaseEarly();
        abandon();
        client.pipeline().remove(this);
    }

    /** No server takes the client, whatever its pool has to offer. */
    public void turnAway(Reason reason) {
        if (isWaiting()) {
            abandon();
            failed(reason, null);
        }
    }

    private void dissolve(Server with, DuplexChannel channel) {
        over = true;
        with.end();
        ready();
        var _ = channel.close();
        client.pipeline().remove(this);
        ByteBuf bytes = early;
        early = null;
        manner.dissolved(bytes);
    }

    @Override
    public void failed(Reason reason, @Nullable Server last) {
        if (over) {
            return;
        }
        over = true;
        listening.tally(worker).failed(reason);
        releaseEarly();
        client.pipeline().remove(this);
        manner.refuse(client, reason);
    }

    @Override
    public void finished() {
        listening.tally(worker).finished();
        leave().tally(worker).finished();
    }

    @Override
    public void failed(Reason reason) {
        listening.tally(worker).failed(reason);
        Server with = leave();
        if (answersTheClient(reason)) {
            with.tally(worker).failed(reason);
        } else {
            with.failed(worker, reason);
        }
    }

    /**
     * Whether the server may have ended because of what the client said to it: then nothing speaks
     * against the server, or any client could have it passed by.
     */
    private boolean answersTheClient(Reason reason) {
        Relay ran = relay;
        return reason == Reason.SERVER_CLOSED && ran != null && ran.fromClient() + taken > 0;
    }

    @Override
    public Optional<byte[]> lastWord(Reason reason) {
        return manner.lastWord(reason);
    }

    private Server leave() {
        over = true;
        Server left = server;
        if (left == null) {
            throw new IllegalStateException("a relay ended that never began");
        }
        left.roster(worker).remove(this);
        left.tally(worker).lasted(System.nanoTime() - joined);
        left.end();
        ready();
        return left;
    }

    @Override
    public void cut(Reason reason) {
        Relay running = relay;
        if (running != null) {
            running.cut(reason);
        } else if (!over) {
            leaveClient(reason);
            Optional<byte[]> word = manner.lastWord(reason);
            ByteBuf last = word.map(Unpooled::wrappedBuffer).orElse(Unpooled.EMPTY_BUFFER);
            var _ = client.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** The client is gone, and had no server yet. */
    private void giveUp(Reason reason) {
        if (!over) {
            leaveClient(reason);
            var _ = client.close();
        }
    }

    private void leaveClient(Reason reason) {
        over = true;
        listening.tally(worker).failed(reason);
        releaseEarly();
        abandon();
    }

    private void releaseEarly() {
        ByteBuf bytes = early;
        if (bytes != null) {
            bytes.release();
            early = null;
        }
    }

    /**
     * Auto-read is off, but a client that sends and ends at once has its end reported, and what it
     * sent before with it. That is at most what its socket's buffer holds.
     */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf more = (ByteBuf) message;
        ByteBuf before = early;
        if (over) {
            more.release();
        } else if (before == null) {
            early = more;
        } else if (before instanceof CompositeByteBuf several) {
            several.addComponent(true, more);
        } else {
            early =
                    worker.allocator()
                            .compositeDirectBuffer(Integer.MAX_VALUE)
                            .addComponent(true, before)
                            .addComponent(true, more);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        ByteBuf bytes = early;
        int now = bytes == null || over ? 0 : manner.arrived(bytes);
        taken += now;
        if (bytes != null && now > 0) {
            bytes.skipBytes(now);
            if (!bytes.isReadable()) {
                releaseEarly();
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (EndOfInput.is(event)) {
            clientEnded = true;
            if (!manner.endsFirst()) {
                giveUp(Reason.CLIENT_CLOSED);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        giveUp(Reason.CLIENT_CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        giveUp(Reason.CLIENT_RESET);
    }
}

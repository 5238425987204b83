package buoy.lb.udp;

import buoy.config.model.Pool.Retries;
import buoy.lb.listen.Guests;
import buoy.lb.listen.Listening;
import buoy.lb.pool.ConnectFailure;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.pool.Work;
import buoy.lb.proxy.Ends;
import buoy.lb.select.Hash;
import buoy.lb.worker.From;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's datagrams to one server and back. Its socket is connected (connect(2)): the kernel
 * takes nothing from anybody else, and tells when nobody listens there. Then the server is left for
 * another, and what has no answer yet is sent again.
 */
final class DatagramSession extends Guests.Link<DatagramSession> implements Work {
    /** Bytes. Who sends more to a server that is gone sends it again: addresses may be forged. */
    private static final int MOST_KEPT = 4096;

    private final Datagrams datagrams;
    private final Worker worker;
    private final Listening listening;
    private final Pool pool;
    private final DatagramChannel socket;
    private final Ends ends;
    private final Runnable seat;
    private final Owed owed;
    private final long number;
    private final long opened = System.nanoTime();
    private long fromClient;
    private long toClient;
    private List<Server> tried = List.of();
    private @Nullable Server server;
    private @Nullable Channel towards;

    /** What the client sent last, while the server has not said a word. */
    private @Nullable ByteBuf unanswered;

    private boolean answered;
    private boolean awaited;

    /** Whether it comes to the server from the client's own address. */
    private boolean borrowed;

    private boolean leaving;
    private boolean over;

    /**
     * @param seat gives the session's place back
     */
    DatagramSession(
            Datagrams datagrams,
            Worker worker,
            Listening listening,
            UdpFront front,
            DatagramChannel socket,
            Ends ends,
            Runnable seat) {
        this.datagrams = datagrams;
        this.worker = worker;
        this.number = worker.number();
        this.listening = listening;
        this.pool = front.pool();
        this.owed = new Owed(front.responses());
        this.socket = socket;
        this.ends = ends;
        this.seat = seat;
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
    public long number() {
        return number;
    }

    @Override
    public long came() {
        return opened;
    }

    @Override
    public boolean isHere() {
        return !over;
    }

    @Override
    public Doing doing() {
        Server with = server;
        Doing now =
                with == null ? Doing.of(Doing.State.ENDING) : Doing.of(Doing.State.SESSION, with);
        return now.plus(fromClient, toClient);
    }

    /** Finds a server. False if there is none; the session is over then. */
    boolean start() {
        Server found = pool.serving().pick(worker, this, tried);
        if (found == null) {
            end(Reason.NO_SERVER_UP);
            return false;
        }
        return join(found);
    }

    /** With this server or, where it cannot be, another. False if it is over instead. */
    private boolean join(Server first) {
        Server with = first;
        while (true) {
            server = with;
            with.roster(worker).add(this);
            Reason refusal = connect(with);
            if (refusal == null) {
                return true;
            }
            leave(with, refusal);
            Server next = null;
            // What this host lacks is no fault of the server's, and no other would help.
            if (refusal != Reason.NO_LOCAL_RESOURCES) {
                avoid(with);
                next = another(with);
            }
            if (next == null) {
                end(refusal);
                return false;
            }
            with = next;
        }
    }

    /** Sends nothing: only this host may refuse, and does at once. Null if it does not. */
    private @Nullable Reason connect(Server with) {
        InetSocketAddress to = (InetSocketAddress) with.address();
        From own = with.from(ends);
        borrowed = own != null && own.isBorrowed(to);
        try {
            ChannelFuture connecting = worker.connectDatagrams(to, own, new FromServer());
            towards = connecting.channel();
            Throwable cause = connecting.cause();
            return cause == null ? null : ConnectFailure.ofDatagrams(cause);
        } catch (ChannelException _) {
            return Reason.NO_LOCAL_RESOURCES;
        }
    }

    /** Whether that it fails speaks against the server: a client's address may have no way back. */
    private boolean isTelling() {
        return answered || !borrowed;
    }

    private void avoid(Server with) {
        if (isTelling()) {
            with.refused(worker);
        }
    }

    /** Whether the client's next datagram belongs to it: what is new goes to who works. */
    boolean isOfUse() {
        Server with = server;
        return !leaving && with != null && with.health().isUp();
    }

    /**
     * @param bytes of one datagram; the caller's
     */
    void send(ByteBuf bytes) {
        Channel to = towards;
        Server with = server;
        if (over || to == null || with == null) {
            return;
        }
        if (!to.isWritable()) {
            listening.tally(worker).failed(Reason.DATAGRAM_DROPPED);
            return;
        }
        owed.asked();
        await(owed.isOpen());
        fromClient += bytes.readableBytes();
        listening.tally(worker).fromClient(bytes.readableBytes());
        with.tally(worker).fromClient(bytes.readableBytes());
        keep(bytes);
        var _ = to.writeAndFlush(toWrite(to, bytes), to.voidPromise());
    }

    /** What has to wait is copied: it may be little in a large buffer. */
    private ByteBuf toWrite(Channel to, ByteBuf bytes) {
        ChannelOutboundBuffer waiting = to.unsafe().outboundBuffer();
        return waiting == null || waiting.totalPendingWriteBytes() == 0
                ? bytes.retain()
                : copy(bytes);
    }

    private ByteBuf copy(ByteBuf bytes) {
        int length = bytes.readableBytes();
        return worker.allocator()
                .directBuffer(length)
                .writeBytes(bytes, bytes.readerIndex(), length);
    }

    /** The end of the process waits for what is owed. */
    private void await(boolean something) {
        if (something != awaited) {
            awaited = something;
            if (something) {
                listening.owes();
            } else {
                listening.settled();
            }
        }
    }

    /** In place of what was kept before. */
    private void keep(ByteBuf bytes) {
        forget();
        if (!answered
                && owed.expectsAny()
                && bytes.readableBytes() <= MOST_KEPT
                && !worker.memory().isScarce()) {
            unanswered = copy(bytes);
        }
    }

    private void forget() {
        ByteBuf kept = unanswered;
        if (kept != null) {
            unanswered = null;
            kept.release();
        }
    }

    private final class FromServer extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = ((DatagramPacket) message).content();
            try {
                if (context.channel() == towards) {
                    received(bytes);
                }
            } finally {
                bytes.release();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // One that was left may still have something to say.
            if (context.channel() == towards) {
                failed(cause);
            }
        }
    }

    /**
     * @param bytes the caller's
     */
    private void received(ByteBuf bytes) {
        Server with = server;
        if (over || with == null) {
            return;
        }
        if (!answered) {
            answered = true;
            forget();
            with.accepted();
            with.tally(worker).latency(System.nanoTime() - opened);
        }
        datagrams.heard(ends.client());
        toClient += bytes.readableBytes();
        listening.tally(worker).toClient(bytes.readableBytes());
        with.tally(worker).toClient(bytes.readableBytes());
        if (socket.isWritable() && bytes.isReadable()) {
            var _ =
                    socket.writeAndFlush(
                            new DatagramPacket(toWrite(socket, bytes), ends.client()),
                            socket.voidPromise());
        } else {
            listening.tally(worker).failed(Reason.DATAGRAM_DROPPED);
        }
        if (owed.isSettledByAnswer()) {
            await(false);
            finish();
        }
    }

    /** ICMP says that the server cannot be reached; anything else is one datagram that is lost. */
    private void failed(Throwable cause) {
        String words = String.valueOf(cause.getMessage());
        if (cause instanceof PortUnreachableException || words.contains("refused")) {
            refused(Reason.SERVER_REFUSED);
        } else if (words.contains("unreachable") || words.contains("No route")) {
            refused(Reason.SERVER_UNREACHABLE);
        } else {
            listening.tally(worker).failed(Reason.DATAGRAM_DROPPED);
        }
    }

    private void refused(Reason reason) {
        Server with = server;
        if (over || with == null) {
            return;
        }
        avoid(with);
        leave(with, reason);
        Server next = unanswered == null ? null : another(with);
        if (next == null) {
            end(reason);
        } else if (join(next)) {
            sendAgain();
        }
    }

    private void sendAgain() {
        ByteBuf again = unanswered;
        Channel to = towards;
        if (again != null && to != null) {
            owed.onlyTheLast();
            var _ = to.writeAndFlush(again.retainedDuplicate(), to.voidPromise());
        }
    }

    private @Nullable Server another(Server with) {
        if (tried.isEmpty()) {
            tried = new ArrayList<>(4);
        }
        tried.add(with);
        Retries retries = pool.config().retries();
        if (!retries.when().connect() || tried.size() > retries.count()) {
            return null;
        }
        Pool from = pool.serving();
        Server next = from.pick(worker, this, tried);
        if (next == null) {
            return null;
        }
        if (!from.mayRetry(worker)) {
            next.end();
            return null;
        }
        next.tally(worker).retried();
        return next;
    }

    // ---- the end ----

    /** Nothing was heard for too long. */
    void silent() {
        silenced(Reason.RESPONSE_TIMEOUT);
    }

    /** Nothing more will come, for this reason: that is a failure if something is owed. */
    void silenced(Reason reason) {
        end(owed.isOpen() ? reason : null);
    }

    /** As it should. */
    void finish() {
        end(null);
    }

    @Override
    public void drain() {
        leaving = true;
    }

    @Override
    public void moved() {
        leaving = true;
    }

    @Override
    public void cut(Reason reason) {
        end(reason);
    }

    /**
     * @param reason null if all went well
     */
    private void end(@Nullable Reason reason) {
        if (over) {
            return;
        }
        over = true;
        forget();
        await(false);
        datagrams.ended(ends.client(), this);
        seat.run();
        if (reason == null) {
            listening.tally(worker).finished();
        } else {
            listening.tally(worker).failed(reason);
        }
        Server with = server;
        if (with != null) {
            leave(with, reason);
        }
    }

    private void leave(Server with, @Nullable Reason reason) {
        server = null;
        with.roster(worker).remove(this);
        if (reason == null) {
            with.tally(worker).finished();
        } else if (isTelling()) {
            with.failed(worker, reason);
        } else {
            with.tally(worker).failed(reason);
        }
        with.tally(worker).lasted(System.nanoTime() - opened);
        with.end();
        Channel channel = towards;
        if (channel != null) {
            towards = null;
            closeSoon(channel);
        }
    }

    /**
     * Not now: it may be in the middle of a batch of reads, and Netty would go on with the number
     * that its file had, which may be another connection's by then.
     */
    private void closeSoon(Channel channel) {
        channel.config().setAutoRead(false);
        worker.loop()
                .execute(
                        () -> {
                            var _ = channel.close();
                        });
    }
}

package buoy.lb.relay;

import buoy.lb.pool.Live;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Tally;
import buoy.lb.worker.Deadlines;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two connections of one worker joined until both have ended, one is lost, or neither says anything
 * for too long. Either may have TLS in its pipeline. All on the worker.
 */
public final class Relay extends Deadlines.Timed implements Live {
    /**
     * Told exactly one of these, once, just before both channels are closed: whoever sees that
     * finds it counted.
     */
    public interface Ended {
        /** Both peers ended as they should. */
        void finished();

        void failed(Reason reason);

        /**
         * What the client is told of a failure before its connection is closed; empty where its
         * protocol has no word for it at this point, and a reset says it. A server that ends then
         * has failed too.
         */
        default Optional<byte[]> lastWord(Reason reason) {
            return Optional.empty();
        }
    }

    private final Worker worker;
    private final Side client;
    private final Side server;
    private final Tally listenerTally;
    private final Tally serverTally;
    private final long silenceNanos;
    private final Reason silence;
    private final Ended ended;
    private long lastMoved;
    private long fromClient;
    private long toClient;
    private boolean over;

    /**
     * @param patience how long both may be silent
     * @param silence the reason when they are
     */
    public Relay(
            Worker worker,
            DuplexChannel client,
            DuplexChannel server,
            Tally listenerTally,
            Tally serverTally,
            Duration patience,
            Reason silence,
            Ended ended) {
        this.worker = worker;
        this.client = new Side(this, client, server, true);
        this.server = new Side(this, server, client, false);
        this.listenerTally = listenerTally;
        this.serverTally = serverTally;
        this.silenceNanos = patience.toNanos();
        this.silence = silence;
        this.ended = ended;
        client.pipeline().addLast(this.client);
        server.pipeline().addLast(this.server);
    }

    /**
     * Starts reading on both sides.
     *
     * @param early what the client sent already, for the server; this takes it over
     * @param clientEnded the client will send no more
     */
    public void start(@Nullable ByteBuf early, boolean clientEnded) {
        lastMoved = worker.now();
        worker.expire(this, silenceNanos);
        if (early != null) {
            client.forwardNow(early);
        }
        if (clientEnded) {
            client.end();
        }
        server.read(true);
        client.read(server.isWritable());
    }

    Worker worker() {
        return worker;
    }

    Side otherThan(Side side) {
        return side == client ? server : client;
    }

    /** Bytes that went to the server. */
    public long fromClient() {
        return fromClient;
    }

    /** Bytes that went to the client. */
    public long toClient() {
        return toClient;
    }

    void moved(int bytes, boolean byClient) {
        lastMoved = worker.now();
        if (byClient) {
            fromClient += bytes;
            listenerTally.fromClient(bytes);
            serverTally.fromClient(bytes);
        } else {
            toClient += bytes;
            listenerTally.toClient(bytes);
            serverTally.toClient(bytes);
        }
    }

    /**
     * Looks how long the silence is: a deadline moved at each read would cost more than this, once
     * in its length.
     */
    @Override
    protected void expired() {
        long silent = worker.now() - lastMoved;
        if (silent >= silenceNanos) {
            cut(silence);
        } else {
            worker.expire(this, silenceNanos - silent);
        }
    }

    void finish() {
        if (!over) {
            end();
            ended.finished();
            client.close();
            server.close();
        }
    }

    void lost(boolean clientLost) {
        cut(clientLost ? Reason.CLIENT_RESET : Reason.SERVER_RESET);
    }

    @Override
    public void cut(Reason reason) {
        if (!over) {
            end();
            Optional<byte[]> word =
                    reason == Reason.CLIENT_RESET ? Optional.empty() : ended.lastWord(reason);
            ended.failed(reason);
            word.ifPresentOrElse(client::close, client::abort);
            server.abort();
        }
    }

    /**
     * The server has said its end.
     *
     * @return whether it came too early, and the relay is over
     */
    boolean endedEarly() {
        if (over || client.hasEnded() || ended.lastWord(Reason.SERVER_CLOSED).isEmpty()) {
            return false;
        }
        cut(Reason.SERVER_CLOSED);
        return true;
    }

    private void end() {
        over = true;
        worker.off(this);
    }
}

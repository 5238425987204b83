package buoy.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;

/**
 * One end of a {@link StreamTunnel}, as the other end uses it: a stream of HTTP/2, or a connection
 * of HTTP/1.1. What its own peer says it tells the side that it was {@link #joined} to.
 */
interface TunnelEnd {
    /** Told once, before anything else. */
    void joined(StreamTunnel.Side to);

    /** For its peer; taken over. */
    void write(ByteBuf bytes);

    void flush();

    boolean isWritable();

    /** The other end takes more of what this one's peer says. */
    void resumeReading();

    /**
     * The other end's peer says no more.
     *
     * @param told runs when this end's peer knows
     */
    void endOutput(Runnable told);

    /** Runs {@code told} when what was {@code written} last is; never if it could not be. */
    static void whenWritten(@Nullable ChannelFuture written, Runnable told) {
        if (written != null) {
            written.addListener(
                    done -> {
                        if (done.isSuccess()) {
                            told.run();
                        }
                    });
        }
    }

    /** Whether its peer may go on speaking once it was told the other's end. */
    boolean halfCloses();

    /** Both have ended. */
    void close();

    /** Ends so that its peer does not take a cut for a proper end. */
    void abort();
}

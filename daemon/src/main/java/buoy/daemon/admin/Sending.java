package buoy.daemon.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One whole answer on its way to one client, which has {@value #MOST_SECONDS} seconds to take it.
 * The transport copies what it is given; so it is given no more at a time than the socket and a
 * small buffer hold.
 */
final class Sending {
    static final int MOST_SECONDS = 30;

    private final ChannelHandlerContext ctx;
    private final Iterator<byte[]> parts;
    private final Runnable sent;
    private final Runnable next;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean pumping;
    private boolean whole;
    private boolean over;

    /**
     * @param sent run once, when the client has it or has gone
     * @param next run after that where it has it, and is still there
     */
    Sending(ChannelHandlerContext ctx, List<byte[]> parts, Runnable sent, Runnable next) {
        this.ctx = ctx;
        this.parts = parts.iterator();
        this.sent = sent;
        this.next = next;
    }

    void begin(HttpResponse head) {
        var _ = ctx.write(head);
        pump();
        if (!over) {
            deadline = ctx.executor().schedule(this::tooSlow, MOST_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void tooSlow() {
        var _ = ctx.close();
    }

    /**
     * Writes as much as the client takes. Not within itself, which it is asked to whenever what it
     * writes fills the buffer, or empties it: what encodes it is in the midst of something then.
     */
    void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        do {
            writeSome();
            ctx.flush();
        } while (!whole && ctx.channel().isWritable());
        pumping = false;
    }

    private void writeSome() {
        while (!whole && ctx.channel().isWritable()) {
            if (parts.hasNext()) {
                var _ = ctx.write(new DefaultHttpContent(Unpooled.wrappedBuffer(parts.next())));
            } else {
                whole = true;
                var _ =
                        ctx.write(LastHttpContent.EMPTY_LAST_CONTENT)
                                .addListener(written -> ended(written.isSuccess()));
            }
        }
    }

    private void ended(boolean success) {
        end();
        if (success && ctx.channel().isActive()) {
            next.run();
        }
    }

    /** The client has it, or has gone. */
    void end() {
        if (over) {
            return;
        }
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        sent.run();
    }
}

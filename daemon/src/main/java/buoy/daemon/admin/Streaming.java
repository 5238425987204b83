package buoy.daemon.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One answer that goes on. What a slow client does not take stays where it comes from: no more is
 * written than the socket and a small buffer hold. One that takes nothing for {@link #PATIENCE}
 * pulses, a minute, is cut.
 */
final class Streaming {
    static final Duration PULSE = Duration.ofSeconds(15);
    static final int PATIENCE = 4;

    private final ChannelHandlerContext ctx;
    private final Feed feed;
    private final AtomicBoolean woken = new AtomicBoolean();
    private @Nullable ScheduledFuture<?> pulses;
    private int stuckFor;
    private boolean pumping;
    private boolean wrote;
    private boolean cut;

    Streaming(ChannelHandlerContext ctx, Feed feed) {
        this.ctx = ctx;
        this.feed = feed;
    }

    /** Its end is that of the connection, so it needs no length. */
    void begin(Answer answer) {
        HttpResponse head =
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        Visit.introduce(head, answer);
        head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        var _ = ctx.write(head);
        write(answer.body());
        ctx.flush();
        feed.begin(this::wake);
        pump();
        pulses =
                ctx.executor()
                        .scheduleAtFixedRate(
                                this::pulse,
                                PULSE.toMillis(),
                                PULSE.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    /** Any thread; many calls are one. */
    private void wake() {
        if (woken.compareAndSet(false, true)) {
            ctx.executor().execute(this::pump);
        }
    }

    /** Writes what there is, as far as the client takes it; as {@link Sending#pump} does. */
    void pump() {
        woken.set(false);
        if (pumping) {
            return;
        }
        pumping = true;
        boolean more;
        do {
            more = writeSome();
            ctx.flush();
        } while (more && ctx.channel().isWritable());
        pumping = false;
        if (!more && feed.over()) {
            var _ = ctx.close();
        }
    }

    /** Returns whether there may be more. */
    private boolean writeSome() {
        while (ctx.channel().isActive() && ctx.channel().isWritable()) {
            Optional<String> next = feed.next();
            if (next.isEmpty()) {
                return false;
            }
            write(next.get());
        }
        return true;
    }

    private void write(String text) {
        ByteBuf bytes = ByteBufUtil.writeUtf8(ctx.alloc(), text);
        var _ = ctx.write(new DefaultHttpContent(bytes));
        wrote = true;
    }

    private void pulse() {
        if (!ctx.channel().isWritable()) {
            stuckFor++;
            if (stuckFor >= PATIENCE) {
                cut = true;
                var _ = ctx.close();
            }
            return;
        }
        stuckFor = 0;
        if (!wrote) {
            write(Feed.PULSE);
            ctx.flush();
        }
        wrote = false;
    }

    void end() {
        feed.end(cut);
        if (pulses != null) {
            pulses.cancel(false);
        }
    }
}

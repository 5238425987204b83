package buoy.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A whole answer, to a client that takes it and to one that does not; the time is made up. */
class SendingTest {
    private static final int PART = 64 * 1024;
    private static final int PARTS = 1000;

    private int taken;
    private int sent;
    private int next;

    /** Counts what is taken of them. */
    private final List<byte[]> parts =
            new AbstractList<>() {
                private final byte[] part = new byte[PART];

                @Override
                public byte[] get(int index) {
                    taken++;
                    return part;
                }

                @Override
                public int size() {
                    return PARTS;
                }
            };

    /** A client whose socket takes nothing until it is told to. */
    private static final class Stuck extends ChannelOutboundHandlerAdapter {
        private boolean stuck = true;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!stuck) {
                ctx.flush();
            }
        }
    }

    /** As an encoder has it: a message at a time. */
    private static final class Encoding extends ChannelOutboundHandlerAdapter {
        private boolean within;
        private boolean interrupted;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            interrupted |= within;
            within = true;
            var _ = ctx.write(message, promise);
            within = false;
        }
    }

    /** As who has the connection does. */
    private static final class Visited extends ChannelInboundHandlerAdapter {
        private @Nullable Sending sending;

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (sending != null) {
                sending.pump();
            }
        }
    }

    private void begin(EmbeddedChannel channel) {
        channel.freezeTime();
        Sending sending =
                new Sending(channel.pipeline().lastContext(), parts, () -> sent++, () -> next++);
        channel.closeFuture().addListener(_ -> sending.end());
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        channel.pipeline().get(Visited.class).sending = sending;
        sending.begin(head);
    }

    private static long octets(EmbeddedChannel channel) {
        long octets = 0;
        for (Object each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
            if (each instanceof HttpContent content) {
                ByteBuf bytes = content.content();
                octets += bytes.readableBytes();
                bytes.release();
            }
        }
        return octets;
    }

    @Test
    void aClientThatTakesItGetsAllAndMayAskAgain() {
        Encoding encoding = new Encoding();
        EmbeddedChannel channel = new EmbeddedChannel(encoding, new Visited());
        begin(channel);
        assertThat(encoding.interrupted).as("another message within one").isFalse();
        assertThat(octets(channel)).isEqualTo((long) PART * PARTS);
        assertThat(List.of(sent, next)).containsExactly(1, 1);
        channel.advanceTimeBy(Sending.MOST_SECONDS + 1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.finishAndReleaseAll();
        assertThat(List.of(sent, next)).containsExactly(1, 1);
    }

    @Test
    void oneThatTakesNothingIsGivenLittleAndIsCutInTheEnd() {
        EmbeddedChannel channel = new EmbeddedChannel(new Stuck(), new Visited());
        begin(channel);
        assertThat(taken).isBetween(1, 4);
        channel.advanceTimeBy(Sending.MOST_SECONDS - 1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        assertThat(sent).isZero();
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(List.of(sent, next)).containsExactly(1, 0);
        assertThat(taken).isLessThan(5);
        channel.finishAndReleaseAll();
    }

    @Test
    void oneThatTakesItLateGetsTheRest() {
        Stuck socket = new Stuck();
        EmbeddedChannel channel = new EmbeddedChannel(socket, new Visited());
        begin(channel);
        assertThat(taken).isLessThan(PARTS);
        socket.stuck = false;
        channel.flush();
        assertThat(octets(channel)).isEqualTo((long) PART * PARTS);
        assertThat(List.of(sent, next)).containsExactly(1, 1);
        channel.finishAndReleaseAll();
    }
}

package buoy.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * An answer that goes on, to clients that take it and to one that does not; the time is made up.
 */
class StreamingTest {
    private static final long A_MINUTE = Streaming.PULSE.toSeconds() * Streaming.PATIENCE;

    /** Has as many pieces as it is told, of a thousand bytes each. */
    private static final class Pieces implements Feed {
        private int left;
        private int taken;
        private boolean over;
        private Optional<Boolean> endedByCut = Optional.empty();
        private Runnable wake = () -> {};

        @Override
        public Optional<String> next() {
            if (left == 0) {
                return Optional.empty();
            }
            left--;
            taken++;
            return Optional.of("x".repeat(1000));
        }

        @Override
        public boolean over() {
            return over;
        }

        @Override
        public void begin(Runnable whenMore) {
            wake = whenMore;
        }

        @Override
        public void end(boolean cut) {
            endedByCut = Optional.of(cut);
        }
    }

    /** A client whose socket takes nothing. */
    private static final class Stuck extends ChannelOutboundHandlerAdapter {
        @Override
        public void flush(ChannelHandlerContext ctx) {}
    }

    private final Pieces pieces = new Pieces();

    private void begin(EmbeddedChannel channel) {
        channel.freezeTime();
        Streaming streaming = new Streaming(channel.pipeline().lastContext(), pieces);
        channel.closeFuture().addListener(_ -> streaming.end());
        streaming.begin(Answer.goingOn(Answer.EVENTS, "retry: 2000\n\n", pieces));
    }

    private static void pass(EmbeddedChannel channel, long seconds) {
        for (long i = 0; i < seconds; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runPendingTasks();
            channel.runScheduledPendingTasks();
        }
    }

    private static String taken(EmbeddedChannel channel) {
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound();
                bytes != null;
                bytes = channel.readOutbound()) {
            text.append(bytes.toString(StandardCharsets.UTF_8));
            bytes.release();
        }
        return text.toString();
    }

    @Test
    void whoTakesNothingIsWrittenLittleAndIsCutAfterAMinute() {
        EmbeddedChannel channel =
                new EmbeddedChannel(
                        new Stuck(), new HttpServerCodec(), new ChannelInboundHandlerAdapter());
        pieces.left = 1_000_000;
        begin(channel);
        assertThat(pieces.taken).isBetween(1, 100);
        pass(channel, A_MINUTE - 1);
        assertThat(channel.isOpen()).isTrue();
        assertThat(pieces.taken).isLessThan(100);
        pass(channel, 1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(pieces.endedByCut).contains(true);
    }

    @Test
    void silenceIsBrokenByACommentAndNobodyIsCutForIt() {
        EmbeddedChannel channel =
                new EmbeddedChannel(new HttpServerCodec(), new ChannelInboundHandlerAdapter());
        begin(channel);
        assertThat(taken(channel)).startsWith("HTTP/1.1 200 OK").endsWith("retry: 2000\n\n");
        pass(channel, 3 * A_MINUTE);
        assertThat(channel.isOpen()).isTrue();
        assertThat(taken(channel)).isEqualTo(Feed.PULSE.repeat(3 * Streaming.PATIENCE - 1));
        channel.finishAndReleaseAll();
        assertThat(pieces.endedByCut).contains(false);
    }

    @Test
    void whatIsOverIsWrittenOutAndThenTheConnectionEnds() {
        EmbeddedChannel channel =
                new EmbeddedChannel(new HttpServerCodec(), new ChannelInboundHandlerAdapter());
        begin(channel);
        pieces.left = 1;
        pieces.over = true;
        pieces.wake.run();
        channel.runPendingTasks();
        assertThat(taken(channel)).endsWith("x".repeat(1000));
        assertThat(channel.isOpen()).isFalse();
    }
}

package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.lb.http.head.Output;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.IllegalReferenceCountException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheredFramesTest {
    private static final String HEAD = "000003" + "01" + "04" + "00000001" + "616263";

    private final ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
    private final EmbeddedChannel channel = new EmbeddedChannel(handler);
    private final ChannelHandlerContext to = channel.pipeline().context(handler);
    private final GatheredFrames frames = new GatheredFrames();

    @AfterEach
    void close() {
        frames.close();
        channel.finishAndReleaseAll();
    }

    private static WrittenFields fields(int n) {
        Output block = new Output();
        block.put("abc".repeat((n + 2) / 3).substring(0, n));
        return WrittenFields.request(block);
    }

    private ChannelFuture head(int stream, int n, boolean ends) {
        return frames.writeHeaders(to, stream, fields(n), 0, ends, to.newPromise());
    }

    private ChannelFuture content(int stream, ByteBuf data, boolean ends) {
        ChannelPromise promise = to.newPromise();
        frames.content(to, stream, data, ends, promise);
        return promise;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    /** Each buffer that was written, in hexadecimal. */
    private List<String> sent() {
        channel.flushOutbound();
        List<String> all = new ArrayList<>();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.add(ByteBufUtil.hexDump(next));
            next.release();
        }
        return all;
    }

    @Test
    void framesOfManyStreamsAreOneWrite() {
        ByteBuf data = bytes("xy");
        assertThat(head(1, 3, false).isSuccess()).isTrue();
        ChannelFuture content = content(1, data, true);
        assertThat(data.refCnt()).isZero();
        ChannelFuture alone = head(3, 3, true);
        assertThat(sent()).isEmpty();

        frames.pour(to);
        // Streams end, and others take their place, when the peer has been sent that they do.
        assertThat(content.isDone()).isFalse();
        assertThat(alone.isDone()).isFalse();
        assertThat(sent())
                .containsExactly(
                        HEAD
                                + ("000002" + "00" + "01" + "00000001" + "7879")
                                + ("000003" + "01" + "05" + "00000003" + "616263"));
        assertThat(content.isSuccess()).isTrue();
        assertThat(alone.isSuccess()).isTrue();
        frames.pour(to);
        assertThat(sent()).isEmpty();
    }

    @Test
    void otherFramesKeepTheirPlace() {
        var _ = head(1, 3, false);
        var _ = frames.writePing(to, true, 7, to.newPromise());
        var _ = head(1, 3, false);
        ChannelPromise queued = to.newPromise();
        var _ = frames.writeData(to, 1, bytes("z"), 0, true, queued);
        assertThat(queued.isDone()).isFalse();
        assertThat(String.join("", sent()))
                .isEqualTo(
                        HEAD
                                + ("000008" + "06" + "01" + "00000000" + "0000000000000007")
                                + HEAD
                                + ("000001" + "00" + "01" + "00000001" + "7a"));
        assertThat(queued.isSuccess()).isTrue();
    }

    @Test
    void muchContentIsNotCopied() {
        ByteBuf data = Unpooled.buffer().writeZero(2049);
        ChannelFuture written = content(5, data, false);
        assertThat(written.isDone()).isFalse();
        channel.flushOutbound();
        ByteBuf header = channel.readOutbound();
        assertThat(ByteBufUtil.hexDump(header)).isEqualTo("000801" + "00" + "00" + "00000005");
        assertThat(header.capacity()).isEqualTo(header.readableBytes());
        header.release();
        ByteBuf same = channel.readOutbound();
        assertThat(same).isSameAs(data);
        same.release();
        assertThat(written.isSuccess()).isTrue();
    }

    /** Its octets may wait in the kernel's place for long. */
    @Test
    void aHeadAloneTakesLittleRoom() {
        var _ = head(1, 3, true);
        frames.pour(to);
        channel.flushOutbound();
        ByteBuf written = channel.readOutbound();
        assertThat(written.capacity()).isLessThanOrEqualTo(512);
        written.release();
    }

    /** No header stands there without it. */
    @Test
    void contentThatIsGoneLeavesNoTrace() {
        var _ = head(1, 3, false);
        ByteBuf gone = bytes("xy");
        ByteBuf view = gone.duplicate();
        gone.release();
        assertThatThrownBy(() -> content(1, view, true))
                .isInstanceOf(IllegalReferenceCountException.class);
        frames.pour(to);
        assertThat(sent()).containsExactly(HEAD);
    }

    /** RFC 9113 4.2: a longer one goes on in CONTINUATION frames. */
    @Test
    void whatHasNoRoomGoesBehindWhatIsGathered() {
        var _ = head(1, 16_000, false);
        var _ = head(3, 16_000, false);
        assertThat(sent()).hasSize(1);
        var _ = head(5, 20_000, true);
        String all = String.join("", sent());
        assertThat(all).startsWith("003e80" + "01" + "04" + "00000003");
        assertThat(all.substring(2 * (9 + 16_000)))
                .startsWith("004000" + "01" + "01" + "00000005")
                .contains("000e20" + "09" + "04" + "00000005");
    }

    @Test
    void nothingIsKeptForAConnectionThatIsClosed() {
        ChannelFuture last = head(1, 3, true);
        frames.close();
        assertThat(last.cause()).isInstanceOf(ClosedChannelException.class);
        frames.pour(to);
        assertThat(sent()).isEmpty();
        channel.close().syncUninterruptibly();
        assertThat(head(1, 3, false).cause()).isNotNull();
    }
}

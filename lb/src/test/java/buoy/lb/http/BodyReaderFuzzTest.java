package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.http.head.Parsed;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/** Chunked bodies from anybody: read the same in one piece and octet by octet, and again. */
class BodyReaderFuzzTest {
    /** What became of a body: how it ended, how much was taken of it, what is sent on. */
    private record Outcome(Parsed parsed, int taken, ByteBuf sent) {}

    @FuzzTest
    void chunked(byte[] bytes) {
        Outcome whole = read(bytes, Math.max(1, bytes.length), false);
        if (whole.parsed() == Parsed.REFUSED) {
            // A line that comes in pieces is judged when it has ended.
            byte[] ended = Arrays.copyOf(bytes, bytes.length + 1);
            ended[bytes.length] = '\n';
            assertThat(read(ended, 1, false).parsed()).isEqualTo(Parsed.REFUSED);
            assertThat(read(ended, 3, true).parsed()).isEqualTo(Parsed.REFUSED);
            return;
        }
        Outcome octets = read(bytes, 1, false);
        assertThat(octets).isEqualTo(whole);
        Outcome data = read(bytes, 3, true);
        assertThat(data.parsed()).isEqualTo(whole.parsed());
        if (whole.parsed() == Parsed.COMPLETE) {
            byte[] sent = new byte[whole.sent().readableBytes()];
            whole.sent().getBytes(0, sent);
            Outcome again = read(sent, Math.max(1, sent.length), true);
            assertThat(again.parsed()).isEqualTo(Parsed.COMPLETE);
            assertThat(again.taken()).isEqualTo(sent.length);
            assertThat(again.sent()).isEqualTo(data.sent());
        }
    }

    private static Outcome read(byte[] bytes, int step, boolean onlyData) {
        BodyReader reader = new BodyReader();
        reader.chunked(onlyData);
        ByteBuf sent = Unpooled.buffer();
        Parsed parsed = Parsed.NEED_MORE;
        int taken = 0;
        for (int at = 0; at < bytes.length && parsed == Parsed.NEED_MORE; at += step) {
            ByteBuf in = Unpooled.wrappedBuffer(bytes, at, Math.min(step, bytes.length - at));
            parsed = reader.read(in);
            for (int run = 0; run < reader.runs(); run++) {
                int start = reader.runStart(run);
                sent.writeBytes(in, start, reader.runEnd(run) - start);
            }
            sent.writeBytes(reader.tail());
            taken = at + in.readerIndex();
        }
        return new Outcome(parsed, taken, sent);
    }
}

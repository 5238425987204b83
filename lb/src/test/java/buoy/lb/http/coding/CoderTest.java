package buoy.lb.http.coding;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.http.coding.Coder.Step;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What a coder makes is read back by another's decoder, however it is cut. */
class CoderTest {
    private enum Kind {
        GZIP,
        BR,
        ZSTD;

        private Coder make() {
            return switch (this) {
                case GZIP -> new GzipCoder();
                case BR -> new BrotliCoder();
                case ZSTD -> new ZstdCoder();
            };
        }

        private InputStream decoder(byte[] coded) throws IOException {
            InputStream in = new ByteArrayInputStream(coded);
            return switch (this) {
                case GZIP -> new GZIPInputStream(in, 512);
                case BR -> new BrotliInputStream(in);
                case ZSTD -> new ZstdInputStream(in).setContinuous(true);
            };
        }

        /** What can be read before the end has come. */
        private byte[] sofar(byte[] coded, int length) throws IOException {
            return this == BR ? unbrotlied(coded) : decoder(coded).readNBytes(length);
        }
    }

    /** Its stream says nothing before all has come. */
    private static byte[] unbrotlied(byte[] coded) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        DecoderJNI.Wrapper decoder = new DecoderJNI.Wrapper(coded.length);
        try {
            decoder.getInputBuffer().put(coded);
            decoder.push(coded.length);
            while (decoder.hasOutput()) {
                ByteBuffer some = decoder.pull();
                byte[] bytes = new byte[some.remaining()];
                some.get(bytes);
                all.writeBytes(bytes);
                if (!decoder.hasOutput()) {
                    // What did not fit its window.
                    decoder.push(0);
                }
            }
            return all.toByteArray();
        } finally {
            decoder.destroy();
        }
    }

    private static final class Sink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ByteBuffer out;

        Sink(int room) {
            out = ByteBuffer.allocateDirect(room);
        }

        void code(Coder coder, ByteBuffer in, Step step) {
            for (boolean done = false; !done; ) {
                done = coder.code(in, out.clear(), step);
                byte[] some = new byte[out.flip().remaining()];
                out.get(some);
                bytes.writeBytes(some);
            }
            assertThat(in.hasRemaining()).isFalse();
        }
    }

    private static byte[] content(Random random, int size) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        // Half of it repeats itself.
        for (int i = 0; i < size; i++) {
            if ((i >> 9) % 2 == 0) {
                content[i] = (byte) (i % 23);
            }
        }
        return content;
    }

    @Property(tries = 150)
    void whatIsCutAndFlushedAnywhereIsReadBack(
            @ForAll Kind kind,
            @ForAll long seed,
            @ForAll @IntRange(min = 100, max = 5000) int room,
            @ForAll @IntRange(max = 200_000) int size,
            @ForAll boolean direct)
            throws IOException {
        Random random = new Random(seed);
        try (Coder coder = kind.make()) {
            for (int round = 0; round < 2; round++) {
                byte[] content = content(random, size);
                Sink sink = new Sink(room);
                for (int at = 0; at < size; ) {
                    int n = Math.min(size - at, 1 + random.nextInt(40_000));
                    ByteBuffer in = direct ? ByteBuffer.allocateDirect(n) : ByteBuffer.allocate(n);
                    in.put(content, at, n).flip();
                    sink.code(coder, in, Step.MORE);
                    at += n;
                    if (random.nextInt(4) == 0) {
                        sink.code(coder, ByteBuffer.allocate(0), Step.FLUSH);
                        byte[] sofar = kind.sofar(sink.bytes.toByteArray(), at);
                        assertThat(Arrays.mismatch(sofar, Arrays.copyOf(content, at)))
                                .isEqualTo(-1);
                    }
                }
                sink.code(coder, ByteBuffer.allocate(0), Step.END);
                try (InputStream whole = kind.decoder(sink.bytes.toByteArray())) {
                    assertThat(Arrays.mismatch(whole.readAllBytes(), content)).isEqualTo(-1);
                }
                coder.reset();
            }
        }
    }

    @Property(tries = 30)
    void whatIsLeftAmidItDoesNotShowInTheNext(@ForAll Kind kind, @ForAll long seed)
            throws IOException {
        byte[] content = content(new Random(seed), 30_000);
        try (Coder coder = kind.make()) {
            ByteBuffer in = ByteBuffer.wrap(content);
            coder.code(in, ByteBuffer.allocateDirect(200), Step.MORE);
            coder.code(ByteBuffer.allocate(0), ByteBuffer.allocateDirect(200), Step.FLUSH);
            coder.reset();
            Sink sink = new Sink(8192);
            sink.code(coder, ByteBuffer.wrap(content), Step.MORE);
            sink.code(coder, ByteBuffer.allocate(0), Step.END);
            try (InputStream whole = kind.decoder(sink.bytes.toByteArray())) {
                assertThat(Arrays.mismatch(whole.readAllBytes(), content)).isEqualTo(-1);
            }
        }
    }
}

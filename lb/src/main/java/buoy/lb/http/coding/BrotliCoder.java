package buoy.lb.http.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Wrapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@code br} (RFC 7932). */
public final class BrotliCoder implements Coder {
    /**
     * A list of 540 kB in JSON becomes 15.4, 12.7, 12.5 and 12.0 % of it with qualities 1, 2, 4 and
     * 5, in 2.2, 3.6, 6.4 and 13.5 ms of one core; gzip as we have it takes 4.5 ms for 14.3 %.
     */
    private static final int QUALITY = 4;

    /** 128 KiB: an encoder takes about a megabyte then, and little is lost. */
    private static final int WINDOW_BITS = 17;

    private static final int INPUT = 16 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private @Nullable Wrapper encoder;

    /** The encoder's own memory, until it is told something else. */
    private ByteBuffer pulled = NOTHING;

    /** What the encoder was told last. */
    private Operation told = Operation.PROCESS;

    /** Whether the encoder was told that all of the step has come. */
    private boolean closing;

    /** Loads the library; throws if it cannot be. */
    public BrotliCoder() {
        Brotli4jLoader.ensureAvailability();
    }

    @Override
    public boolean code(ByteBuffer in, ByteBuffer out, Step step) {
        Wrapper to = encoder();
        while (true) {
            if (pulled.hasRemaining()) {
                give(out);
                if (pulled.hasRemaining()) {
                    return false;
                }
            } else if (to.hasMoreOutput()) {
                pulled = to.pull();
            } else if (to.hasRemainingInput()) {
                push(to, told, 0);
            } else if (in.hasRemaining()) {
                ByteBuffer own = to.getInputBuffer().clear();
                int n = Math.min(own.remaining(), in.remaining());
                own.put(in.slice(in.position(), n));
                in.position(in.position() + n);
                push(to, Operation.PROCESS, n);
            } else if (step == Step.MORE || closing) {
                closing = false;
                return true;
            } else {
                closing = true;
                push(to, step == Step.FLUSH ? Operation.FLUSH : Operation.FINISH, 0);
            }
        }
    }

    private void give(ByteBuffer out) {
        int n = Math.min(pulled.remaining(), out.remaining());
        out.put(pulled.slice(pulled.position(), n));
        pulled.position(pulled.position() + n);
    }

    private void push(Wrapper to, Operation operation, int bytes) {
        told = operation;
        to.push(operation, bytes);
        if (!to.isSuccess()) {
            throw new IllegalStateException("the brotli encoder failed");
        }
    }

    /** It cannot be used again for other content. */
    private Wrapper encoder() {
        Wrapper current = encoder;
        if (current == null) {
            try {
                current = new Wrapper(INPUT, QUALITY, WINDOW_BITS, Encoder.Mode.TEXT);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            encoder = current;
        }
        return current;
    }

    @Override
    public void reset() {
        Wrapper used = encoder;
        if (used != null) {
            encoder = null;
            used.destroy();
        }
        pulled = NOTHING;
        closing = false;
    }

    @Override
    public void close() {
        reset();
    }
}

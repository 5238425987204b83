package buoy.lb.http.coding;

import java.nio.ByteBuffer;

/** Codes one content after the other. Not thread-safe; holds memory until it is closed. */
public sealed interface Coder extends AutoCloseable permits GzipCoder, BrotliCoder, ZstdCoder {
    /** How far a call goes. */
    enum Step {
        /** Takes all of the content, and may keep it. */
        MORE,
        /** What was taken can be read by who has got all that came out. */
        FLUSH,
        /** The content is complete. */
        END
    }

    /**
     * Codes a part of the content.
     *
     * @param in the same as before, with the same step, until this has returned true; may be empty
     * @param out with room for a hundred bytes or more
     * @return whether the step is done; else {@code out} is full, or as good as full
     */
    boolean code(ByteBuffer in, ByteBuffer out, Step step);

    /** Forgets the content, whether it was complete or not: another one begins. */
    void reset();

    /** Gives the memory back. It is not used again. */
    @Override
    void close();
}

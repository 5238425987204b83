package buoy.lb.worker;

import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The pipes of one worker, each taken while bytes are in it. A few are kept for the next who wants
 * one; idle sessions have none.
 */
public final class Pipes {
    /** In use at one time: whoever gets none copies. */
    private static final int MOST = 32;

    /** That its pipes may have open. */
    public static final int FILES = 2 * MOST;

    private static final int SPARE = 8;

    private final ArrayDeque<Pipe> spare = new ArrayDeque<>();
    private int taken;

    /** An empty one; null if there is none to be had. */
    public @Nullable Pipe take() {
        if (taken == MOST) {
            return null;
        }
        Pipe pipe = spare.poll();
        if (pipe == null) {
            try {
                pipe = new Pipe();
            } catch (IOException _) {
                // Out of files or of memory for pipes: copying takes neither.
                return null;
            }
        }
        taken++;
        return pipe;
    }

    /** It is needed no more; what is in it is lost. */
    public void give(Pipe pipe) {
        taken--;
        if (pipe.held() == 0 && spare.size() < SPARE) {
            spare.push(pipe);
        } else {
            pipe.close();
        }
    }

    /** Taken now. */
    int taken() {
        return taken;
    }

    void close() {
        spare.forEach(Pipe::close);
        spare.clear();
    }
}

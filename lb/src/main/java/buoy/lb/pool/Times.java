package buoy.lb.pool;

import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * How long something took, again and again, on one worker. Only that worker writes; anyone reads.
 * Made with the first value: most servers of most workers in a large configuration see none.
 */
final class Times {
    private static final int DIGITS = 2;

    private final long longestMicros;
    private @Nullable Histogram total;
    private volatile @Nullable SingleWriterRecorder recent;

    /**
     * @param longest what takes longer counts as this
     */
    Times(Duration longest) {
        longestMicros = longest.toNanos() / 1000;
    }

    void record(long nanos) {
        SingleWriterRecorder recorder = recent;
        if (recorder == null) {
            recorder = new SingleWriterRecorder(longestMicros, DIGITS);
            recent = recorder;
        }
        recorder.recordValue(Math.clamp(nanos / 1000, 0, longestMicros));
    }

    /** A sum of these with nothing in it. */
    Histogram nothing() {
        return new Histogram(longestMicros, DIGITS);
    }

    synchronized void addTo(Histogram sum) {
        SingleWriterRecorder recorder = recent;
        if (recorder != null) {
            Histogram all = total;
            if (all == null) {
                all = nothing();
                total = all;
            }
            all.add(recorder.getIntervalHistogram());
            sum.add(all);
        }
    }
}

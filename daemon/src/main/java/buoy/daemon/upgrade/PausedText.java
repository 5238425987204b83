package buoy.daemon.upgrade;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The listeners that are paused and since when, as text. None is no text: a Buoy that knows nothing
 * of pauses can take over as long as there are none.
 */
final class PausedText {
    private static final String PAUSED = "paused";

    private PausedText() {}

    static String encode(Map<String, Instant> paused) {
        Lines lines = new Lines();
        paused.forEach((listener, since) -> lines.add(PAUSED, listener, since));
        return lines.toString();
    }

    /** As far as there are any. */
    static Map<String, Instant> read(LineReader in) {
        Map<String, Instant> paused = new LinkedHashMap<>();
        while (in.isAt(PAUSED)) {
            LineReader.Line line = in.next();
            paused.put(line.word(1), line.instant(2));
        }
        return paused;
    }
}

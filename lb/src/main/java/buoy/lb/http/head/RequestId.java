package buoy.lb.http.head;

import java.util.HexFormat;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The id of one request after the other on a connection; made when somebody asks for it. */
public final class RequestId {
    private final SplittableRandom random;
    private @Nullable String id;

    /**
     * @param random of this worker
     */
    public RequestId(SplittableRandom random) {
        this.random = random;
    }

    /** A new request begins. */
    public void next() {
        id = null;
    }

    /** The same id, whatever becomes of this one. */
    public RequestId copy() {
        RequestId copy = new RequestId(random);
        copy.id = text();
        return copy;
    }

    public String text() {
        if (id == null) {
            HexFormat hex = HexFormat.of();
            id = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
        }
        return id;
    }
}

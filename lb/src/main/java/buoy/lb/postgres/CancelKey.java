package buoy.lb.postgres;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A process ID with its secret key, as {@code BackendKeyData} gives it and {@code CancelRequest}
 * repeats it. Equal if all octets are; never shown.
 */
final class CancelKey {
    /** A process ID and the key of protocol 3.0. */
    static final int SHORTEST = 4 + 4;

    /** A process ID and the longest key of protocol 3.2. */
    static final int LONGEST = 4 + 256;

    private final byte[] octets;

    CancelKey(byte[] octets) {
        this.octets = octets;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CancelKey that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return "a key of " + octets.length + " octets";
    }
}

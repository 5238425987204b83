package buoy.tls;

import java.util.Arrays;

/**
 * What session tickets are sealed with (RFC 5077 4, and the same for TLS 1.3): a name that goes
 * with each ticket in clear, a key that authenticates it and a key that encrypts it. Never shown.
 */
final class TicketKey {
    /** The three parts together. */
    static final int BYTES = 48;

    private static final int PART = 16;

    private final byte[] parts;

    TicketKey(byte[] parts) {
        if (parts.length != BYTES) {
            throw new IllegalArgumentException("not three parts");
        }
        this.parts = parts.clone();
    }

    byte[] name() {
        return Arrays.copyOf(parts, PART);
    }

    /** HMAC-SHA256. */
    byte[] authenticating() {
        return Arrays.copyOfRange(parts, PART, 2 * PART);
    }

    /** AES-128-CBC. */
    byte[] encrypting() {
        return Arrays.copyOfRange(parts, 2 * PART, BYTES);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TicketKey key && Arrays.equals(parts, key.parts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(name());
    }

    @Override
    public String toString() {
        return "(hidden)";
    }
}

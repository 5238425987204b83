package buoy.lb.login;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A name and a password, as octets, which UTF-8 has unless a client does without (RFC 7617 2.1).
 * Its text has neither.
 */
public final class Credentials {
    private static final byte[] SCHEME = "basic ".getBytes(StandardCharsets.US_ASCII);

    /** Longer than any that people use; a hash takes longer for longer ones. */
    private static final int LONGEST = 1024;

    private final byte[] name;
    private final byte[] password;

    private Credentials(byte[] name, byte[] password) {
        this.name = name;
        this.password = password;
    }

    /**
     * Reads the value of an Authorization field (RFC 7617 2) from {@code from} to {@code to}.
     *
     * @return null if it has none for this scheme, or none that could be right
     */
    public static @Nullable Credentials of(byte[] bytes, int from, int to) {
        int start = from + SCHEME.length;
        if (start > to || to - start > LONGEST * 4 / 3 + 4) {
            return null;
        }
        for (int i = 0; i < SCHEME.length; i++) {
            int octet = bytes[from + i];
            if ((octet >= 'A' && octet <= 'Z' ? octet + 32 : octet) != SCHEME[i]) {
                return null;
            }
        }
        while (start < to && bytes[start] == ' ') {
            start++;
        }
        byte[] pair;
        try {
            pair = Base64.getDecoder().decode(Arrays.copyOfRange(bytes, start, to));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        int colon = 0;
        while (colon < pair.length && pair[colon] != ':') {
            colon++;
        }
        if (colon == pair.length || pair.length > LONGEST || hasControls(pair)) {
            return null;
        }
        return new Credentials(
                Arrays.copyOf(pair, colon), Arrays.copyOfRange(pair, colon + 1, pair.length));
    }

    /** RFC 7617 2: neither may have control characters; a zero would end a password in crypt(3). */
    private static boolean hasControls(byte[] pair) {
        for (byte octet : pair) {
            if ((octet >= 0 && octet < ' ') || octet == 0x7f) {
                return true;
            }
        }
        return false;
    }

    /** Read only. */
    public byte[] name() {
        return name;
    }

    /** Read only. */
    byte[] password() {
        return password;
    }

    @Override
    public String toString() {
        return "credentials";
    }
}

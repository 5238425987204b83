package buoy.lb.http.head;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fields a proxy acts on. Every other field is {@link #OTHER} and goes on untouched.
 *
 * <p>A protected field is never removed because {@code Connection} names it: that would let a
 * client choose what the server does not see (RFC 9110 7.6.1 forbids naming such fields).
 */
public enum Field {
    OTHER(false),
    /** A name with an underscore, which does not go on. */
    UNDERSCORE(false),
    /** One that does. */
    UNDERSCORE_KEPT(false),
    HOST(true),
    CONTENT_LENGTH(true),
    TRANSFER_ENCODING(true),
    CONNECTION(false),
    KEEP_ALIVE(false),
    PROXY_CONNECTION(false),
    TE(false),
    UPGRADE(false),
    HTTP2_SETTINGS(false),
    EXPECT(true),
    MAX_FORWARDS(true),
    TRAILER(false),
    VIA(true),
    FORWARDED(true),
    X_FORWARDED_FOR(true),
    X_FORWARDED_PROTO(true),
    X_FORWARDED_HOST(true),
    X_FORWARDED_PORT(true),
    X_CLIENT_CERT_SUBJECT(true),
    AUTHORIZATION(true),
    COOKIE(true),
    SET_COOKIE(true),
    CONTENT_TYPE(true),
    CONTENT_ENCODING(true),
    CONTENT_RANGE(true),
    CACHE_CONTROL(true),
    DATE(true),
    LOCATION(true),
    WWW_AUTHENTICATE(true),
    SEC_WEBSOCKET_KEY(true),
    SEC_WEBSOCKET_VERSION(true),
    SEC_WEBSOCKET_ACCEPT(true);

    private static final @Nullable Field[] BY_HASH = new Field[256];

    static {
        for (Field field : values()) {
            if (field != OTHER && field != UNDERSCORE && field != UNDERSCORE_KEPT) {
                int slot = slot(hash(field.lower));
                while (BY_HASH[slot] != null) {
                    slot = slot + 1 & 255;
                }
                BY_HASH[slot] = field;
            }
        }
    }

    private final boolean isProtected;

    @SuppressWarnings("ImmutableEnumChecker") // never written to
    private final byte[] lower;

    Field(boolean isProtected) {
        this.isProtected = isProtected;
        this.lower = Octets.ascii(name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    boolean isProtected() {
        return isProtected;
    }

    /** What a proxy says of the client it stands before: only a trusted one is believed. */
    boolean isOfProxies() {
        return switch (this) {
            case FORWARDED,
                    X_FORWARDED_FOR,
                    X_FORWARDED_PROTO,
                    X_FORWARDED_HOST,
                    X_FORWARDED_PORT,
                    X_CLIENT_CERT_SUBJECT ->
                    true;
            default -> false;
        };
    }

    /** The next hash after one more lower-case octet of a name. */
    static int hash(int hash, byte lower) {
        return hash * 31 + lower;
    }

    /** The field with this name, whose octets hash to {@code hash}. */
    static Field of(byte[] bytes, int from, int to, int hash) {
        for (int slot = slot(hash); ; slot = slot + 1 & 255) {
            Field field = BY_HASH[slot];
            if (field == null) {
                return OTHER;
            }
            if (Octets.equalsIgnoreCase(bytes, from, to, field.lower)) {
                return field;
            }
        }
    }

    private static int hash(byte[] lower) {
        int hash = 0;
        for (byte octet : lower) {
            hash = hash(hash, octet);
        }
        return hash;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 8 ^ hash >>> 16) & 255;
    }
}

package buoy.linux.layout;

import java.util.HexFormat;

/**
 * A 48-bit link-layer address.
 *
 * @param bits the six bytes, the first on the wire the most significant; the upper 16 bits are zero
 */
public record MacAddress(long bits) {
    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    /** How many bytes it has on the wire. */
    public static final int LENGTH = 6;

    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(bits));
        }
    }

    /**
     * The address these bytes are.
     *
     * @param bytes exactly six, as on the wire
     */
    public static MacAddress of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException(bytes.length + " bytes in place of " + LENGTH);
        }
        var bits = 0L;
        for (var b : bytes) {
            bits = bits << 8 | (b & 0xff);
        }
        return new MacAddress(bits);
    }

    /** As written by people: {@code 00:00:5e:00:01:33}. */
    public static MacAddress parse(String text) {
        return of(HexFormat.ofDelimiter(":").parseHex(text));
    }

    /** The six bytes as on the wire. */
    public byte[] bytes() {
        var bytes = new byte[LENGTH];
        for (var i = 0; i < LENGTH; i++) {
            bytes[i] = (byte) (bits >>> (8 * (LENGTH - 1 - i)));
        }
        return bytes;
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(bytes());
    }
}

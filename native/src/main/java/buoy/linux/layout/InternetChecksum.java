package buoy.linux.layout;

/** The checksum of RFC 1071: the complement of the one's complement sum of 16-bit words. */
public final class InternetChecksum {
    private InternetChecksum() {}

    /** An odd last byte counts as the upper half of a word. */
    public static int of(byte[] data) {
        var sum = 0L;
        for (var i = 0; i < data.length; i++) {
            var value = data[i] & 0xff;
            sum += (i & 1) == 0 ? value << 8 : value;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) (~sum & 0xffff);
    }
}

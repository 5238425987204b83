package buoy.lb.proxy;

import buoy.config.model.Pool.SendProxy;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The header itself, read and written. Sections are those of proxy-protocol.txt. */
public final class ProxyHeader {
    /** The most that is read: what stands behind the addresses of version 2 is left unread. */
    public static final int LONGEST = 16 + 4096;

    /** 2.1: with the longest addresses, and its line end. */
    private static final int LONGEST_V1 = 107;

    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final int FIXED_V2 = 16;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    private ProxyHeader() {}

    /** What was found at the beginning of a connection. */
    public sealed interface Found {}

    /** So far it may become one. */
    public record NeedMore() implements Found {}

    /** It is none. */
    public record Wrong() implements Found {}

    /**
     * One that is whole.
     *
     * @param length in octets
     * @param ends null if the connection is the proxy's own, or of a kind that is not told apart
     *     here: what the connection itself says holds
     */
    public record Whole(int length, @Nullable Ends ends) implements Found {}

    // ---- reading ----

    /** Reads what has come of a connection. Looks at {@link #LONGEST} octets at most. */
    public static Found read(byte[] bytes, int length) {
        if (begins(bytes, length, V1)) {
            return length < V1.length ? new NeedMore() : v1(bytes, length);
        }
        if (begins(bytes, length, V2)) {
            return length < FIXED_V2 ? new NeedMore() : v2(bytes, length);
        }
        return new Wrong();
    }

    private static boolean begins(byte[] bytes, int length, byte[] with) {
        int n = Math.min(length, with.length);
        return Arrays.equals(bytes, 0, n, with, 0, n);
    }

    private static Found v1(byte[] bytes, int length) {
        int most = Math.min(length, LONGEST_V1);
        for (int i = V1.length; i < most; i++) {
            if (bytes[i] == '\n') {
                return bytes[i - 1] == '\r'
                        ? v1(new String(bytes, 0, i - 1, StandardCharsets.ISO_8859_1), i + 1)
                        : new Wrong();
            }
        }
        return length < LONGEST_V1 ? new NeedMore() : new Wrong();
    }

    private static Found v1(String line, int length) {
        String[] words = line.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return new Whole(length, null);
        }
        boolean v4 = words[1].equals("TCP4");
        if (words.length != 6 || !(v4 || words[1].equals("TCP6"))) {
            return new Wrong();
        }
        InetSocketAddress client = socket(words[2], words[4], v4);
        InetSocketAddress own = socket(words[3], words[5], v4);
        return client == null || own == null
                ? new Wrong()
                : new Whole(length, new Ends(client, own));
    }

    private static @Nullable InetSocketAddress socket(String address, String port, boolean v4) {
        if (!port.matches("0|[1-9][0-9]{0,4}")
                || Integer.parseInt(port) > 0xffff
                || !address.matches(
                        v4 ? "[0-9]+(\\.[0-9]+){3}" : "[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return null;
        }
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(address), Integer.parseInt(port));
        } catch (IllegalArgumentException noAddress) {
            return null;
        }
    }

    /** 2.2: versions and commands that are not known have to be refused. */
    private static Found v2(byte[] bytes, int length) {
        int command = bytes[12];
        int more = (bytes[14] & 0xff) << 8 | (bytes[15] & 0xff);
        int whole = FIXED_V2 + more;
        if ((command != 0x20 && command != 0x21) || whole > LONGEST) {
            return new Wrong();
        }
        if (length < whole) {
            return new NeedMore();
        }
        int size = bytes[13] == TCP4 ? 4 : bytes[13] == TCP6 ? 16 : 0;
        if (command == 0x20 || size == 0) {
            return new Whole(whole, null);
        }
        if (more < 2 * size + 4) {
            return new Wrong();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, FIXED_V2, more);
        byte[] client = new byte[size];
        byte[] own = new byte[size];
        in.get(client).get(own);
        return new Whole(
                whole,
                new Ends(
                        socket(client, in.getShort() & 0xffff),
                        socket(own, in.getShort() & 0xffff)));
    }

    private static InetSocketAddress socket(byte[] address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("neither 4 octets nor 16", e);
        }
    }

    // ---- writing ----

    /**
     * The header for a server.
     *
     * @param ends null for a connection of our own; what has no address is told as such a one
     */
    public static byte[] write(SendProxy version, @Nullable Ends ends) {
        return switch (version) {
            case V1 -> line(ends).getBytes(StandardCharsets.US_ASCII);
            case V2 -> v2(ends);
        };
    }

    /** Those that a server can be told; null if there are none. */
    private static @Nullable Ends told(@Nullable Ends ends) {
        return ends != null && ends.areKnown() && is4(ends.client()) == is4(ends.own())
                ? ends
                : null;
    }

    private static boolean is4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }

    private static String line(@Nullable Ends whose) {
        Ends ends = told(whose);
        return ends == null
                ? "PROXY UNKNOWN\r\n"
                : "PROXY TCP%d %s %s %d %d\r\n"
                        .formatted(
                                is4(ends.client()) ? 4 : 6,
                                text(ends.client()),
                                text(ends.own()),
                                ends.client().getPort(),
                                ends.own().getPort());
    }

    private static String text(InetSocketAddress address) {
        String text = address.getAddress().getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static byte[] v2(@Nullable Ends whose) {
        Ends ends = told(whose);
        if (ends == null) {
            // 2.2: LOCAL with an unspecified family.
            return ByteBuffer.allocate(FIXED_V2)
                    .put(V2)
                    .put((byte) 0x20)
                    .put((byte) 0)
                    .putShort((short) 0)
                    .array();
        }
        int size = is4(ends.client()) ? 12 : 36;
        return ByteBuffer.allocate(FIXED_V2 + size)
                .put(V2)
                .put((byte) 0x21)
                .put((byte) (size == 12 ? TCP4 : TCP6))
                .putShort((short) size)
                .put(ends.client().getAddress().getAddress())
                .put(ends.own().getAddress().getAddress())
                .putShort((short) ends.client().getPort())
                .putShort((short) ends.own().getPort())
                .array();
    }
}

package buoy.linux.layout;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A classic BPF program ({@code struct sock_filter}, linux/filter.h) for a packet socket, which
 * lets through the frames by which a host says that it has one of some addresses: ARP of any kind
 * with it as the sender's, or a neighbour advertisement with it as the target.
 *
 * <pre>
 *  ARP:   14 Ethernet | 16 protocol 0800 | 22 sender MAC | 28 sender IP
 *  IPv6:  14 Ethernet | 20 next header 58 | 54 ICMP type 136 | 62 target (16 bytes)
 * </pre>
 *
 * Of an IPv6 address the last four bytes are compared, which keeps the program short; whoever reads
 * compares the rest.
 */
public final class ClaimFilter {
    /** The bytes of one instruction. */
    public static final int INSTRUCTION = 8;

    /** Enough of a frame for {@link AddressClaim}. */
    public static final int LENGTH = 96;

    /** What the kernel's default for the memory of a filter (net.core.optmem_max) has room for. */
    private static final int MOST_ADDRESSES = 1000;

    /** A conditional jump reaches 255 instructions far. */
    private static final int CHUNK = 200;

    private static final int LOAD_WORD = 0x20;
    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_BYTE = 0x30;
    private static final int JUMP = 0x05;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;

    private final ByteBuffer program;

    private ClaimFilter(ByteBuffer program) {
        this.program = program;
    }

    /** For ARP. Of more than 1000 addresses, the first ones. */
    public static byte[] arp(List<Inet4Address> addresses) {
        var words = words(addresses);
        var bytes = new byte[INSTRUCTION * (3 + length(words))];
        var filter = new ClaimFilter(NativeOrder.wrap(bytes));
        filter.require(LOAD_HALF, 16, 0x0800);
        filter.acceptAny(28, words);
        return bytes;
    }

    /** For IPv6. Of more than 1000 addresses, the first ones. */
    public static byte[] neighbourAdvertisements(List<Inet6Address> addresses) {
        var words = words(addresses);
        var bytes = new byte[INSTRUCTION * (6 + length(words))];
        var filter = new ClaimFilter(NativeOrder.wrap(bytes));
        filter.require(LOAD_BYTE, 20, 58);
        filter.require(LOAD_BYTE, 54, 136);
        filter.acceptAny(62 + 12, words);
        return bytes;
    }

    /** The last four bytes of each, as the machine that runs the program loads them. */
    private static List<Integer> words(List<? extends InetAddress> addresses) {
        return addresses.stream()
                .map(InetAddress::getAddress)
                .map(bytes -> ByteBuffer.wrap(bytes).getInt(bytes.length - 4))
                .distinct()
                .limit(MOST_ADDRESSES)
                .toList();
    }

    private static int length(List<Integer> words) {
        var chunks = (words.size() + CHUNK - 1) / CHUNK;
        return 1 + words.size() + 2 * chunks + 1;
    }

    /** Goes on only if that is there. */
    private void require(int load, int offset, int value) {
        put(load, 0, 0, offset);
        put(JUMP_IF_EQUAL, 1, 0, value);
        put(RETURN, 0, 0, 0);
    }

    /** Accepts if one of the words is there. */
    private void acceptAny(int offset, List<Integer> words) {
        put(LOAD_WORD, 0, 0, offset);
        for (var from = 0; from < words.size(); from += CHUNK) {
            var chunk = words.subList(from, Math.min(from + CHUNK, words.size()));
            for (var i = 0; i < chunk.size(); i++) {
                // To the chunk's return: over the words still to come and the jump over it.
                put(JUMP_IF_EQUAL, chunk.size() - i, 0, chunk.get(i));
            }
            put(JUMP, 0, 0, 1);
            put(RETURN, 0, 0, LENGTH);
        }
        put(RETURN, 0, 0, 0);
    }

    private void put(int code, int ifTrue, int ifFalse, int operand) {
        program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(operand);
    }
}

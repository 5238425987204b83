package buoy.linux.layout;

/**
 * One block of native memory with all that {@code sendmsg} and {@code recvmsg} point to: the
 * header, its one {@code iovec}, the address, the control messages, the data.
 *
 * <pre>
 *  0               56        72        104            104+256
 *  +---------------+---------+---------+--------------+-----------
 *  | msghdr        | iovec   | address | control      | data ...
 *  +---------------+---------+---------+--------------+-----------
 *     |  |  |          +-------------------------------^
 *     |  |  +--------------------------^ (control)
 *     |  +---------^ (iovec)
 *     +----------------------^ (address)
 * </pre>
 */
public final class MessageBlock {
    /** Where the parts begin. */
    public static final int ADDRESS = 72;

    public static final int CONTROL = 104;
    public static final int DATA = 360;

    /** What fits into the parts. */
    public static final int ADDRESS_CAPACITY = SocketAddress.LARGEST_INET;

    public static final int CONTROL_CAPACITY = DATA - CONTROL;

    private static final int IOVEC = 56;
    private static final int ADDRESS_LENGTH_FIELD = 8;
    private static final int CONTROL_LENGTH_FIELD = 40;

    private MessageBlock() {}

    /**
     * The {@code msghdr} and {@code iovec} at the front of a block.
     *
     * @param base where the block lies in native memory
     */
    public static byte[] front(long base, int addressLength, int controlLength, int dataLength) {
        return NativeOrder.allocate(ADDRESS)
                .putLong(base + ADDRESS)
                .putInt(addressLength)
                .putInt(0) // padding
                .putLong(base + IOVEC)
                .putLong(1)
                .putLong(controlLength == 0 ? 0 : base + CONTROL)
                .putLong(controlLength)
                .putInt(0) // flags
                .putInt(0) // padding
                .putLong(base + DATA)
                .putLong(dataLength)
                .array();
    }

    /** The address the kernel filled in, from a copy of a received block. */
    public static byte[] address(byte[] block) {
        return part(
                block,
                ADDRESS,
                NativeOrder.wrap(block).getInt(ADDRESS_LENGTH_FIELD),
                ADDRESS_CAPACITY);
    }

    /** The control messages the kernel filled in, from a copy of a received block. */
    public static byte[] control(byte[] block) {
        var length = NativeOrder.wrap(block).getLong(CONTROL_LENGTH_FIELD);
        return part(block, CONTROL, (int) Math.min(length, CONTROL_CAPACITY), CONTROL_CAPACITY);
    }

    /**
     * The data, from a copy of a received block.
     *
     * @param length as {@code recvmsg} returned it
     */
    public static byte[] data(byte[] block, int length) {
        return part(block, DATA, length, block.length - DATA);
    }

    private static byte[] part(byte[] block, int from, int length, int capacity) {
        var bounded = Math.clamp(length, 0, Math.min(capacity, block.length - from));
        var part = new byte[bounded];
        System.arraycopy(block, from, part, 0, bounded);
        return part;
    }
}

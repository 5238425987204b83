package buoy.linux.layout;

import java.io.ByteArrayOutputStream;

/**
 * Changes to nf_tables that happen all together or not at all: between a begin and an end
 * (linux/netfilter/nfnetlink.h). The last one is acknowledged, and any that is refused: one
 * acknowledgement for each would be more than a socket holds.
 *
 * <pre>
 *  begin | message ... | end      each: netlink header | family | version | subsystem | attributes
 * </pre>
 */
final class NftBatch {
    /** {@code NFPROTO_INET}: one table for IPv4 and IPv6. */
    private static final int INET = 1;

    private static final int BEGIN = 0x10;
    private static final int END = 0x11;
    private static final int SUBSYSTEM = 10;

    /** Where the flags are in a message's header. */
    private static final int FLAGS = 6;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int sequence;
    private int lastStart;

    /**
     * @param sequence of the begin; each message has the next one
     */
    NftBatch(int sequence) {
        this.sequence = sequence;
        control(BEGIN);
    }

    /**
     * Adds a change.
     *
     * @param message {@code NFT_MSG_*}
     * @param flags of the netlink header, beside those every change has
     */
    NftBatch add(int message, int flags, NestedAttributes attributes) {
        lastStart = bytes.size();
        append(SUBSYSTEM << 8 | message, flags, INET, 0, attributes.encode());
        return this;
    }

    private void control(int type) {
        append(type, 0, 0, SUBSYSTEM, new byte[0]);
    }

    private void append(int type, int flags, int family, int resource, byte[] attributes) {
        bytes.writeBytes(
                new NetlinkRequest(type, flags, sequence++)
                        .bytes(family, 0, resource >>> 8, resource) // network order
                        .bytes(attributes)
                        .encode());
    }

    byte[] encode() {
        control(END);
        var batch = bytes.toByteArray();
        var buffer = NativeOrder.wrap(batch);
        var flags = buffer.getShort(lastStart + FLAGS);
        buffer.putShort(lastStart + FLAGS, (short) (flags | NetlinkMessage.ACKNOWLEDGE));
        return batch;
    }
}

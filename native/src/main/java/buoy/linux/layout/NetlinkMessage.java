package buoy.linux.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One netlink message (RFC 3549 2.3.2). Several lie in one datagram, each padded to 4 bytes.
 *
 * <pre>
 *  0           4       6       8           12          16
 *  +-----------+-------+-------+-----------+-----------+-------------------
 *  | length    | type  | flags | sequence  | port      | body ...
 *  +-----------+-------+-------+-----------+-----------+-------------------
 * </pre>
 *
 * @param type {@code NLMSG_*} or {@code RTM_*}
 * @param sequence as in the request it answers; 0 for an event
 * @param body what follows the header
 */
@SuppressWarnings("ArrayRecordComponent") // bytes in passing, never compared
public record NetlinkMessage(int type, int flags, int sequence, byte[] body) {
    public static final int NLMSG_ERROR = 2;
    public static final int NLMSG_DONE = 3;
    public static final int NLMSG_OVERRUN = 4;
    public static final int RTM_NEWLINK = 16;
    public static final int RTM_DELLINK = 17;
    public static final int RTM_GETLINK = 18;
    public static final int RTM_NEWADDR = 20;
    public static final int RTM_DELADDR = 21;
    public static final int RTM_GETADDR = 22;
    public static final int RTM_NEWROUTE = 24;
    public static final int RTM_DELROUTE = 25;
    public static final int RTM_GETROUTE = 26;
    public static final int RTM_NEWRULE = 32;
    public static final int RTM_DELRULE = 33;
    public static final int RTM_GETRULE = 34;

    /** {@code RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR}: what events to hear. */
    public static final int LINKS_AND_ADDRESSES = 0x1 | 0x10 | 0x100;

    static final int HEADER = 16;
    static final int ALIGNMENT = 4;

    static final int REQUEST = 0x1;
    static final int ACKNOWLEDGE = 0x4;
    static final int DUMP = 0x300;
    static final int REPLACE = 0x100;
    static final int ONLY_IF_NOT_THERE = 0x200;
    static final int CREATE = 0x400;

    /** In an acknowledgement: the kernel left out the request and added attributes. */
    static final int CAPPED = 0x100;

    static final int HAS_TLVS = 0x200;

    /** A dump was disturbed by a change and may be inconsistent. */
    static final int DUMP_INTERRUPTED = 0x10;

    /**
     * The messages in a datagram. One that claims more bytes than there are ends the list: nothing
     * after it can be trusted.
     *
     * @param length how many bytes of the datagram are filled
     */
    public static List<NetlinkMessage> parse(byte[] datagram, int length) {
        var messages = new ArrayList<NetlinkMessage>();
        var buffer = NativeOrder.wrap(datagram);
        var end = Math.clamp(length, 0, datagram.length);
        var at = 0;
        while (end - at >= HEADER) {
            var size = buffer.getInt(at);
            if (size < HEADER || size > end - at) {
                break;
            }
            messages.add(
                    new NetlinkMessage(
                            Short.toUnsignedInt(buffer.getShort(at + 4)),
                            Short.toUnsignedInt(buffer.getShort(at + 6)),
                            buffer.getInt(at + 8),
                            Arrays.copyOfRange(datagram, at + HEADER, at + size)));
            at += NativeOrder.align(size, ALIGNMENT);
        }
        return List.copyOf(messages);
    }

    /** True if the dump this belongs to has to be asked for again. */
    public boolean interrupted() {
        return (flags & DUMP_INTERRUPTED) != 0;
    }
}

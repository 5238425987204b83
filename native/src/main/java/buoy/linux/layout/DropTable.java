package buoy.linux.layout;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;

/**
 * A table of nf_tables that drops packets to some addresses of this host, as a host's own firewall
 * would: before any socket sees them. The table has an owner (Linux 5.12): the kernel removes it
 * with the socket that made it, however the process ends.
 *
 * <pre>
 *   table inet NAME {
 *     flags owner
 *     set ipv4 { type ipv4_addr }      set ipv6 { type ipv6_addr }
 *     chain input { type filter hook input priority filter; policy accept; ... drop }
 *   }
 * </pre>
 *
 * <p>Each request is a whole batch: the message before its last is acknowledged.
 *
 * @param name no other table of this network namespace may have it
 */
public record DropTable(String name, Kind kind) {
    /** Which packets. */
    public enum Kind {
        /** What would open a TCP connection: SYN without ACK. Those that stand are not touched. */
        NEW_CONNECTIONS,
        /**
         * Everything but neighbour discovery (RFC 9568 6.1, Accept_Mode): neighbour solicitations
         * and advertisements must not be dropped. ARP does not pass here.
         */
        ALL_BUT_NEIGHBOUR_DISCOVERY
    }

    private static final String IPV4 = "ipv4";
    private static final String IPV6 = "ipv6";
    private static final String CHAIN = "input";

    private static final int NEW_TABLE = 0;
    private static final int NEW_CHAIN = 3;
    private static final int NEW_RULE = 6;
    private static final int NEW_SET = 9;
    private static final int NEW_ELEMENT = 12;
    private static final int DELETE_ELEMENT = 14;

    private static final int APPEND = 0x800;
    private static final int OWNER = 0x2;
    private static final int LOCAL_IN = 1;
    private static final int ACCEPT = 1;

    /** How {@code nft} shows the sets: its own numbers for ipv4_addr and ipv6_addr. */
    private static final int IPV4_ADDR = 7;

    private static final int IPV6_ADDR = 8;

    private static final int TCP = 6;
    private static final int ICMPV6 = 58;
    private static final int TCP_FLAGS = 13;
    private static final int SYN = 0x02;
    private static final int SYN_AND_ACK = 0x12;
    private static final int NEIGHBOUR_SOLICITATION = 135;
    private static final int NEIGHBOUR_ADVERTISEMENT = 136;

    /**
     * Makes the table, with no address in it yet.
     *
     * @param sequence of the batch's first message
     */
    public byte[] create(int sequence) {
        NftBatch batch =
                new NftBatch(sequence)
                        .add(
                                NEW_TABLE,
                                NetlinkMessage.CREATE,
                                new NestedAttributes().text(1, name).number32(2, OWNER))
                        .add(NEW_SET, NetlinkMessage.CREATE, set(IPV4, 1, IPV4_ADDR, 4))
                        .add(NEW_SET, NetlinkMessage.CREATE, set(IPV6, 2, IPV6_ADDR, 16))
                        .add(NEW_CHAIN, NetlinkMessage.CREATE, chain());
        rules().forEach(
                        rule ->
                                batch.add(
                                        NEW_RULE,
                                        NetlinkMessage.CREATE | APPEND,
                                        new NestedAttributes()
                                                .text(1, name)
                                                .text(2, CHAIN)
                                                .list(4, rule.attributes())));
        return batch.encode();
    }

    /** Makes these the addresses it drops packets to, and no others. */
    public byte[] set(Collection<InetAddress> addresses, int sequence) {
        NftBatch batch = new NftBatch(sequence);
        for (String set : List.of(IPV4, IPV6)) {
            // Without elements: all of them.
            batch.add(DELETE_ELEMENT, 0, elements(set));
        }
        for (InetAddress address : addresses) {
            NestedAttributes key = new NestedAttributes().bytes(1, address.getAddress());
            NestedAttributes element = new NestedAttributes().list(1, key);
            batch.add(
                    NEW_ELEMENT,
                    NetlinkMessage.CREATE,
                    elements(nameOf(address)).list(3, new NestedAttributes().list(1, element)));
        }
        return batch.encode();
    }

    private NestedAttributes set(String set, int id, int type, int length) {
        return new NestedAttributes()
                .text(1, name)
                .text(2, set)
                .number32(3, 0)
                .number32(4, type)
                .number32(5, length)
                .number32(10, id);
    }

    private NestedAttributes chain() {
        return new NestedAttributes()
                .text(1, name)
                .text(3, CHAIN)
                .list(4, new NestedAttributes().number32(1, LOCAL_IN).number32(2, 0))
                .number32(5, ACCEPT)
                .text(7, "filter");
    }

    private NestedAttributes elements(String set) {
        return new NestedAttributes().text(1, name).text(2, set);
    }

    private static String nameOf(InetAddress address) {
        return switch (address) {
            case Inet4Address _ -> IPV4;
            case Inet6Address _ -> IPV6;
            default -> throw new IllegalArgumentException("neither IPv4 nor IPv6: " + address);
        };
    }

    private List<NftExpressions> rules() {
        return switch (kind) {
            case NEW_CONNECTIONS ->
                    List.of(isConnecting(toIpv4()).drop(), isConnecting(toIpv6()).drop());
            case ALL_BUT_NEIGHBOUR_DISCOVERY ->
                    List.of(
                            isIcmpv6(NEIGHBOUR_SOLICITATION).accept(),
                            isIcmpv6(NEIGHBOUR_ADVERTISEMENT).accept(),
                            toIpv4().drop(),
                            toIpv6().drop());
        };
    }

    private static NftExpressions toIpv4() {
        return new NftExpressions()
                .familyIs(SocketAddress.AF_INET)
                .networkHeaderIn(16, 4, IPV4); // RFC 791: the destination
    }

    private static NftExpressions toIpv6() {
        return new NftExpressions()
                .familyIs(SocketAddress.AF_INET6)
                .networkHeaderIn(24, 16, IPV6); // RFC 8200: the destination
    }

    private static NftExpressions isConnecting(NftExpressions packet) {
        return packet.protocolIs(TCP).transportBitsAre(TCP_FLAGS, SYN_AND_ACK, SYN);
    }

    private static NftExpressions isIcmpv6(int type) {
        return toIpv6().protocolIs(ICMPV6).transportByteIs(0, type);
    }
}

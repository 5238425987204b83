package buoy.linux.layout;

import java.util.Optional;

/**
 * A rule that sends packets to a routing table ({@code struct fib_rule_hdr}, ip-rule(8)).
 *
 * <pre>
 *  0      1      2      3     4      5      6      7        8           12
 *  +------+------+------+-----+------+------+------+--------+-----------+-----------------------
 *  |family|dst   |src   |tos  |table | 0    | 0    | action | flags     | FRA_SRC, FRA_TABLE ...
 *  +------+------+------+-----+------+------+------+--------+-----------+-----------------------
 * </pre>
 *
 * @param family of the packets it looks at, {@code AF_INET} or {@code AF_INET6}
 * @param from their source; empty for any
 * @param to their destination; empty for any
 * @param priority its place among the rules, lowest first
 */
public record Rule(
        int family, Optional<IpPrefix> from, Optional<IpPrefix> to, int table, int priority) {
    private static final int FIXED = 12;
    private static final int TO_TABLE = 1;
    private static final int FRA_DST = 1;
    private static final int FRA_SRC = 2;
    private static final int FRA_PRIORITY = 6;
    private static final int FRA_TABLE = 15;
    private static final int FRA_PROTOCOL = 21;

    /** Asks for all rules of one family, whosoever. */
    public static byte[] list(int family, int sequence) {
        return new NetlinkRequest(NetlinkMessage.RTM_GETRULE, NetlinkMessage.DUMP, sequence)
                .bytes(family, 0, 0, 0, 0, 0, 0, 0)
                .number32(0)
                .encode();
    }

    /** Adds the rule; refused if it is there. The same of somebody else is another one. */
    public byte[] add(int sequence) {
        return request(
                NetlinkMessage.RTM_NEWRULE,
                NetlinkMessage.ACKNOWLEDGE
                        | NetlinkMessage.CREATE
                        | NetlinkMessage.ONLY_IF_NOT_THERE,
                sequence);
    }

    /** Removes the rule, if it is {@link Route#PROTOCOL ours}. */
    public byte[] remove(int sequence) {
        return request(NetlinkMessage.RTM_DELRULE, NetlinkMessage.ACKNOWLEDGE, sequence);
    }

    private byte[] request(int type, int flags, int sequence) {
        var request =
                new NetlinkRequest(type, flags, sequence)
                        .bytes(family, length(to), length(from), 0, 0, 0, 0, TO_TABLE)
                        .number32(0)
                        .attribute(FRA_TABLE, table)
                        .attribute(FRA_PRIORITY, priority)
                        .attribute(FRA_PROTOCOL, new byte[] {(byte) Route.PROTOCOL});
        from.ifPresent(prefix -> request.attribute(FRA_SRC, prefix.address().getAddress()));
        to.ifPresent(prefix -> request.attribute(FRA_DST, prefix.address().getAddress()));
        return request.encode();
    }

    private static int length(Optional<IpPrefix> prefix) {
        return prefix.map(IpPrefix::length).orElse(0);
    }

    /** From an {@code RTM_NEWRULE}, if it sends to a table and is {@link Route#PROTOCOL ours}. */
    public static Optional<Rule> decode(NetlinkMessage message) {
        var body = message.body();
        if (body.length < FIXED || body[7] != TO_TABLE) {
            return Optional.empty();
        }
        var family = body[0] & 0xff;
        var attributes = Attributes.parse(body, FIXED);
        var isOurs =
                attributes
                        .bytes(FRA_PROTOCOL)
                        .filter(value -> value.length >= 1 && (value[0] & 0xff) == Route.PROTOCOL)
                        .isPresent();
        if (!isOurs || IpBytes.prefix(family, Optional.empty(), 0).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Rule(
                        family,
                        matched(family, attributes.bytes(FRA_SRC), body[2]),
                        matched(family, attributes.bytes(FRA_DST), body[1]),
                        attributes.number32(FRA_TABLE).orElse(body[4] & 0xff),
                        attributes.number32(FRA_PRIORITY).orElse(0)));
    }

    private static Optional<IpPrefix> matched(int family, Optional<byte[]> bytes, byte length) {
        return bytes.flatMap(value -> IpBytes.prefix(family, Optional.of(value), length & 0xff));
    }
}

package buoy.linux.layout;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * A setting of IPv4 on one interface, as {@code /proc/sys/net/ipv4/conf} has it; over netlink it
 * needs no writable {@code /proc}, and names the interface by its index. Where there is one for
 * {@code all} too, the larger of both is in force.
 */
public enum Ipv4Setting {
    /** Packets that arrive here for others are passed on. */
    FORWARDING(1),

    /**
     * ARP requests are answered for every address that the route to is not back where they came.
     */
    PROXY_ARP(3),

    /** 1: what arrives must come from where the answer would go; 2: from where any answer could. */
    RP_FILTER(8),

    /** ARP requests are answered only where the route to who asks leaves. */
    ARP_FILTER(13),

    /** 2: ARP requests carry an address of the interface they leave by, never another's. */
    ARP_ANNOUNCE(18),

    /** 1: ARP requests are answered for addresses of the interface they arrive at alone. */
    ARP_IGNORE(19);

    private static final int FIXED = 16;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_INET_CONF = 1;

    private final int number;

    Ipv4Setting(int number) {
        this.number = number;
    }

    /** {@code IPV4_DEVCONF_*}. */
    int number() {
        return number;
    }

    /** Its name under {@code /proc}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What an {@code RTM_NEWLINK} says of them; those it does not tell are left out. */
    public static Map<Ipv4Setting, Integer> decode(NetlinkMessage message) {
        var values = new EnumMap<Ipv4Setting, Integer>(Ipv4Setting.class);
        var conf =
                Attributes.parse(message.body(), FIXED)
                        .bytes(IFLA_AF_SPEC)
                        .flatMap(
                                families ->
                                        Attributes.parse(families, 0).bytes(SocketAddress.AF_INET))
                        .flatMap(ipv4 -> Attributes.parse(ipv4, 0).bytes(IFLA_INET_CONF));
        if (conf.isPresent()) {
            // The kernel tells them as a plain array: the one numbered 1 comes first.
            var array = NativeOrder.wrap(conf.get());
            for (var setting : values()) {
                if (setting.number * 4 <= array.capacity()) {
                    values.put(setting, array.getInt((setting.number - 1) * 4));
                }
            }
        }
        return values;
    }
}

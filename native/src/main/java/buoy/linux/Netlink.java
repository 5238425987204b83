package buoy.linux;

import buoy.linux.layout.InterfaceAddress;
import buoy.linux.layout.Ipv4Setting;
import buoy.linux.layout.Lifetime;
import buoy.linux.layout.Link;
import buoy.linux.layout.LinkChange;
import buoy.linux.layout.Macvlan;
import buoy.linux.layout.NetlinkMessage;
import buoy.linux.layout.Route;
import buoy.linux.layout.Rule;
import buoy.linux.layout.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Links, addresses, routes and rules, asked for and changed over rtnetlink(7). Used by one thread;
 * it belongs to the network namespace of the thread that opens it.
 */
public final class Netlink implements AutoCloseable {
    private static final List<Integer> FAMILIES =
            List.of(SocketAddress.AF_INET, SocketAddress.AF_INET6);

    private final NetlinkConversation conversation;

    private Netlink(NetlinkConversation conversation) {
        this.conversation = conversation;
    }

    /** Opens the socket. */
    public static Netlink open(Kernel kernel) throws SyscallFailed {
        return new Netlink(NetlinkConversation.open(kernel));
    }

    // ---- links ----

    /** Every link there is. */
    public List<Link> links() throws SyscallFailed {
        return conversation.dump(
                "RTM_GETLINK", Link::list, NetlinkMessage.RTM_NEWLINK, Link::decode);
    }

    /** The link of this name, if there is one. */
    public Optional<Link> link(String name) throws SyscallFailed {
        return ask(name).flatMap(Link::decode);
    }

    /** IPv4 settings of the link of this name; empty if there is no such link, or no IPv4 on it. */
    public Map<Ipv4Setting, Integer> settings(String name) throws SyscallFailed {
        return ask(name).map(Ipv4Setting::decode).orElse(Map.of());
    }

    private Optional<NetlinkMessage> ask(String name) throws SyscallFailed {
        try {
            return conversation
                    .request("RTM_GETLINK", name, number -> Link.named(name, number))
                    .stream()
                    .findFirst();
        } catch (SyscallFailed refusal) {
            if (refusal.reason().equals(Errno.ENODEV)) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    /** Finds out whether the kernel can make links with a MAC address of their own; makes none. */
    public void requireMacvlan() throws SyscallFailed {
        requireKind(Macvlan.KIND);
    }

    void requireKind(String kind) throws SyscallFailed {
        var _ =
                conversation.change(
                        "RTM_NEWLINK",
                        "a link of kind " + kind,
                        number -> Macvlan.probe(kind, number),
                        List.of(Errno.EINVAL));
    }

    /** Makes a link, down. */
    public void make(Macvlan link) throws SyscallFailed {
        var subject = "%s with %s".formatted(link.name(), link.mac());
        var _ = conversation.request("RTM_NEWLINK", subject, link::make);
    }

    /** Sets a link up or down. */
    public void setUp(int interfaceIndex, boolean up) throws SyscallFailed {
        var _ =
                conversation.request(
                        "RTM_NEWLINK",
                        "interface %d %s".formatted(interfaceIndex, up ? "up" : "down"),
                        number -> LinkChange.up(interfaceIndex, up, number));
    }

    /** Leaves a text with a link; at most 255 bytes. */
    public void setAlias(int interfaceIndex, String alias) throws SyscallFailed {
        var _ =
                conversation.request(
                        "RTM_NEWLINK",
                        "alias of interface " + interfaceIndex,
                        number -> LinkChange.alias(interfaceIndex, alias, number));
    }

    /** Changes IPv4 settings of a link; the others stay as they are. */
    public void set(int interfaceIndex, Map<Ipv4Setting, Integer> values) throws SyscallFailed {
        var _ =
                conversation.request(
                        "RTM_NEWLINK",
                        "%s of interface %d".formatted(values, interfaceIndex),
                        number -> LinkChange.settings(interfaceIndex, values, number));
    }

    /** No IPv6 address appears on the link by itself from now on; nothing where IPv6 is off. */
    public void withoutOwnIpv6(int interfaceIndex) throws SyscallFailed {
        var _ =
                conversation.change(
                        "RTM_NEWLINK",
                        "addr_gen_mode of interface " + interfaceIndex,
                        number -> LinkChange.withoutOwnIpv6(interfaceIndex, number),
                        List.of(Errno.EAFNOSUPPORT));
    }

    /**
     * Removes a link. That takes the kernel some 10 ms.
     *
     * @return false if it was not there
     */
    public boolean removeLink(int interfaceIndex) throws SyscallFailed {
        return conversation.change(
                "RTM_DELLINK",
                "interface " + interfaceIndex,
                number -> LinkChange.remove(interfaceIndex, number),
                List.of(Errno.ENODEV));
    }

    // ---- addresses ----

    /**
     * Every IP address of every interface, in the kernel's order: the first of a subnet before
     * others.
     */
    public List<InterfaceAddress> addresses() throws SyscallFailed {
        return conversation.dump(
                "RTM_GETADDR",
                InterfaceAddress::list,
                NetlinkMessage.RTM_NEWADDR,
                InterfaceAddress::decode);
    }

    /** Every IP address of one interface, in the kernel's order. */
    public List<InterfaceAddress> addresses(int interfaceIndex) throws SyscallFailed {
        return addresses().stream()
                .filter(address -> address.interfaceIndex() == interfaceIndex)
                .toList();
    }

    /**
     * Adds the address with this lifetime, or renews its lifetime if it is there. Renewing is no
     * removal and addition, and with the same flags as before changes nothing else.
     */
    public void put(InterfaceAddress address, Lifetime lifetime) throws SyscallFailed {
        var _ =
                conversation.request(
                        "RTM_NEWADDR", describe(address), number -> address.put(lifetime, number));
    }

    /**
     * Removes the address.
     *
     * @return false if it was not there, or the whole link is gone
     */
    public boolean remove(InterfaceAddress address) throws SyscallFailed {
        return conversation.change(
                "RTM_DELADDR",
                describe(address),
                address::remove,
                List.of(Errno.EADDRNOTAVAIL, Errno.ENODEV));
    }

    private static String describe(InterfaceAddress address) {
        return "%s/%d on interface %d"
                .formatted(
                        address.address().getHostAddress(),
                        address.prefixLength(),
                        address.interfaceIndex());
    }

    // ---- routes and rules ----

    /** The routes that are {@link Route#PROTOCOL ours}. */
    public List<Route> routes() throws SyscallFailed {
        var all = new ArrayList<Route>();
        for (int family : FAMILIES) {
            all.addAll(
                    conversation.dump(
                            "RTM_GETROUTE",
                            number -> Route.list(family, number),
                            NetlinkMessage.RTM_NEWROUTE,
                            Route::decode));
        }
        return all;
    }

    /**
     * Adds the route.
     *
     * @return false if one to the same destination with the same metric is there, whosoever
     */
    public boolean add(Route route) throws SyscallFailed {
        return conversation.change(
                "RTM_NEWROUTE", describe(route), route::add, List.of(Errno.EEXIST));
    }

    /**
     * Removes the route, if it is ours.
     *
     * @return false if it was not there
     */
    public boolean remove(Route route) throws SyscallFailed {
        return conversation.change(
                "RTM_DELROUTE", describe(route), route::remove, List.of(Errno.ESRCH, Errno.ENODEV));
    }

    private static String describe(Route route) {
        return "%s%s"
                .formatted(
                        route.to(),
                        route.via().map(next -> " via " + next.getHostAddress()).orElse(""));
    }

    /** The rules that are {@link Route#PROTOCOL ours}. */
    public List<Rule> rules() throws SyscallFailed {
        var all = new ArrayList<Rule>();
        for (int family : FAMILIES) {
            all.addAll(
                    conversation.dump(
                            "RTM_GETRULE",
                            number -> Rule.list(family, number),
                            NetlinkMessage.RTM_NEWRULE,
                            Rule::decode));
        }
        return all;
    }

    /**
     * Adds the rule.
     *
     * @return false if it is there; the same rule of somebody else stands beside it
     */
    public boolean add(Rule rule) throws SyscallFailed {
        return conversation.change("RTM_NEWRULE", describe(rule), rule::add, List.of(Errno.EEXIST));
    }

    /**
     * Removes the rule, if it is ours.
     *
     * @return false if it was not there
     */
    public boolean remove(Rule rule) throws SyscallFailed {
        return conversation.change(
                "RTM_DELRULE", describe(rule), rule::remove, List.of(Errno.ENOENT));
    }

    private static String describe(Rule rule) {
        return "from %s to %s table %d priority %d"
                .formatted(
                        rule.from().map(Object::toString).orElse("all"),
                        rule.to().map(Object::toString).orElse("all"),
                        rule.table(),
                        rule.priority());
    }

    @Override
    public void close() {
        conversation.close();
    }
}

package buoy.daemon.lan;

import buoy.linux.Netlink;
import buoy.linux.SyscallFailed;
import buoy.linux.layout.Ipv4Setting;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How a link speaks ARP while links with virtual MAC addresses are on top of it: it neither answers
 * for their addresses with its own MAC address nor asks in their name. When the last of them goes,
 * it is as it was.
 *
 * <p>What it was is also left with each of those links as its alias: a process that is killed tells
 * its next life so.
 */
final class ArpOfLinkBelow {
    private static final String ALIAS = "buoy on ";

    private static final Map<Ipv4Setting, Integer> NEEDED =
            Map.of(Ipv4Setting.ARP_IGNORE, 1, Ipv4Setting.ARP_ANNOUNCE, 2);

    private final Opened<Netlink> netlink;
    private final Map<String, Below> below = new HashMap<>();

    /** What a link was, and who needs it changed. */
    private record Below(Map<Ipv4Setting, Integer> before, Set<Integer> users) {}

    ArpOfLinkBelow(Opened<Netlink> netlink) {
        this.netlink = netlink;
    }

    /** Settles it for one more link on top, and leaves with that what it was. */
    void settle(String name, int index, int user) throws SyscallFailed {
        var known = below.get(name);
        if (known == null) {
            known = new Below(changing(netlink.get().settings(name)), new HashSet<>());
        }
        netlink.get().setAlias(user, ALIAS + name + text(known.before()));
        if (!known.before().isEmpty()) {
            var values = new EnumMap<Ipv4Setting, Integer>(Ipv4Setting.class);
            known.before().keySet().forEach(setting -> values.put(setting, NEEDED.get(setting)));
            netlink.get().set(index, values);
        }
        known.users().add(user);
        below.put(name, known);
    }

    /** As {@link #settle} for one that another process has settled it for, as its alias says. */
    void takeOver(String name, int user, String alias) {
        below.computeIfAbsent(name, _ -> new Below(before(alias), new HashSet<>()))
                .users()
                .add(user);
    }

    private static Map<Ipv4Setting, Integer> before(String alias) {
        return parse(alias.substring(ALIAS.length()).split(" ", -1));
    }

    /** Those that are less strict than needed, with what they are. */
    private static Map<Ipv4Setting, Integer> changing(Map<Ipv4Setting, Integer> now) {
        var changing = new EnumMap<Ipv4Setting, Integer>(Ipv4Setting.class);
        now.forEach(
                (setting, value) -> {
                    if (NEEDED.getOrDefault(setting, 0) > value) {
                        changing.put(setting, value);
                    }
                });
        return changing;
    }

    /** One link on top is gone; after the last one it is as it was. */
    void leave(int user) throws SyscallFailed {
        for (var each : Map.copyOf(below).entrySet()) {
            if (each.getValue().users().remove(user) && each.getValue().users().isEmpty()) {
                below.remove(each.getKey());
                restore(each.getKey(), each.getValue().before());
            }
        }
    }

    /** As a link says that an earlier life of this process made; nothing if it says nothing. */
    void restore(String alias) throws SyscallFailed {
        if (isOurs(alias)) {
            var words = alias.substring(ALIAS.length()).split(" ", -1);
            restore(words[0], parse(words));
        }
    }

    static boolean isOurs(String alias) {
        return alias.startsWith(ALIAS);
    }

    private void restore(String name, Map<Ipv4Setting, Integer> before) throws SyscallFailed {
        var link = netlink.get().link(name);
        if (link.isEmpty()) {
            return;
        }
        var back = new EnumMap<Ipv4Setting, Integer>(Ipv4Setting.class);
        back.putAll(before);
        // What somebody has changed since is theirs.
        netlink.get()
                .settings(name)
                .forEach(
                        (setting, value) -> {
                            if (!value.equals(NEEDED.get(setting))) {
                                back.remove(setting);
                            }
                        });
        if (!back.isEmpty()) {
            netlink.get().set(link.get().index(), back);
        }
    }

    private static String text(Map<Ipv4Setting, Integer> settings) {
        var text = new StringBuilder();
        settings.forEach(
                (setting, value) ->
                        text.append(' ').append(setting.key()).append('=').append(value));
        return text.toString();
    }

    private static Map<Ipv4Setting, Integer> parse(String[] words) {
        var settings = new EnumMap<Ipv4Setting, Integer>(Ipv4Setting.class);
        for (var word : words) {
            for (var setting : NEEDED.keySet()) {
                var value = word.replaceFirst("^" + setting.key() + "=", "");
                if (value.matches("\\d") && !value.equals(word)) {
                    settings.put(setting, Integer.parseInt(value));
                }
            }
        }
        return settings;
    }
}

package buoy.config;

import buoy.config.model.AddressText;
import buoy.config.model.Family;
import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter.Version;
import java.net.InetAddress;
import java.util.List;

/**
 * {@code vrrp.NAME.addresses} and {@code extra-addresses}, over all routers: one address belongs to
 * one of them.
 */
final class VirtualAddressReader {
    /** What one advertisement holds: a count of 8 bits, and 1500 bytes of Ethernet. */
    private static final int MAX_IPV4 = 255;

    private static final int MAX_IPV6 = 90;

    private final Claims<InetAddress> addresses;

    VirtualAddressReader(Problems problems) {
        addresses = new Claims<>(problems, "one address belongs to one router");
    }

    /** Those advertised. */
    List<Prefix> read(Section s, Version version) {
        List<Section.Item<Prefix>> items = s.requiredList("addresses", VirtualAddressReader::parse);
        items.forEach(this::claim);
        for (Section.Item<Prefix> item : items) {
            if (version == Version.V2 && familyOf(item) == Family.IPV6) {
                s.problems()
                        .reject(
                                item.place(),
                                item.path(),
                                "version 2 is for IPv4 alone (use version: 3)");
            }
        }
        judgeCount(s, items, Family.IPV4, MAX_IPV4);
        judgeCount(s, items, Family.IPV6, MAX_IPV6);
        return items.stream().map(Section.Item::value).toList();
    }

    /** Those that float without being advertised. */
    List<Prefix> readExtra(Section s) {
        List<Section.Item<Prefix>> items = s.list("extra-addresses", VirtualAddressReader::parse);
        items.forEach(this::claim);
        return items.stream().map(Section.Item::value).toList();
    }

    private void claim(Section.Item<Prefix> item) {
        InetAddress address = item.value().address();
        addresses.claim(address, AddressText.of(address), item.place(), item.path());
    }

    private static void judgeCount(
            Section s, List<Section.Item<Prefix>> items, Family family, int most) {
        long count = items.stream().filter(item -> familyOf(item) == family).count();
        if (count > most) {
            s.reject(
                    "addresses",
                    "has %d of %s, and an advertisement holds %d (move some to extra-addresses, or to another router)"
                            .formatted(count, family, most));
        }
    }

    private static Family familyOf(Section.Item<Prefix> item) {
        return Family.of(item.value().address());
    }

    private static Parsed<Prefix> parse(String text) {
        return Addresses.prefix(text)
                .then(
                        prefix -> {
                            InetAddress a = prefix.address();
                            return a.isAnyLocalAddress()
                                            || a.isLoopbackAddress()
                                            || a.isMulticastAddress()
                                            || prefix.length() == 0
                                    ? Parsed.wrong(
                                            "must be the address of a host in its network, got "
                                                    + Text.quoted(text))
                                    : Parsed.ok(prefix);
                        });
    }
}

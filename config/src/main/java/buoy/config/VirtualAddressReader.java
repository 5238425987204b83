package buoy.config;

import buoy.config.model.AddressText;
import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter.Version;
import java.net.InetAddress;
import java.util.List;

/** {@code vrrp.NAME.addresses}, over all routers: one address belongs to one of them. */
final class VirtualAddressReader {
    /** What one advertisement holds: a count of 8 bits, and 1500 bytes of Ethernet. */
    private static final int MAX_IPV4 = 255;

    private static final int MAX_IPV6 = 90;

    private final Claims<InetAddress> addresses;

    VirtualAddressReader(Problems problems) {
        addresses = new Claims<>(problems, "one address belongs to one router");
    }

    List<Prefix> read(Section s, Version version) {
        List<Section.Item<Prefix>> items = s.requiredList("addresses", VirtualAddressReader::parse);
        if (items.isEmpty()) {
            return List.of();
        }
        Family first = Family.of(items.getFirst().value().address());
        for (Section.Item<Prefix> item : items) {
            InetAddress address = item.value().address();
            addresses.claim(address, AddressText.of(address), item.place(), item.path());
            if (Family.of(address) != first) {
                s.problems()
                        .reject(
                                item.place(),
                                item.path(),
                                "IPv4 and IPv6 in one router are "
                                        + Problems.NOT_AVAILABLE
                                        + " (write a router for each)");
            } else if (first == Family.IPV6 && version == Version.V2) {
                s.problems()
                        .reject(
                                item.place(),
                                item.path(),
                                "version 2 is for IPv4 alone (use version: 3)");
            }
        }
        int most = first == Family.IPV4 ? MAX_IPV4 : MAX_IPV6;
        if (items.size() > most) {
            s.reject(
                    "addresses",
                    "has %d, and an advertisement holds %d (write another router)"
                            .formatted(items.size(), most));
        }
        return items.stream().map(Section.Item::value).toList();
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

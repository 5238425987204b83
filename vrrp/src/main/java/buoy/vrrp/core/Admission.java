package buoy.vrrp.core;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Whether a well-formed advertisement for our VRID may reach the election (RFC 9568 7.1, RFC 3768
 * 7.1). One that may not touches no timer and no state.
 *
 * @param rules with the version that is spoken here
 * @param self our own address here
 * @param addresses our virtual addresses of this family
 * @param peers in unicast the configured ones, the only ones listened to; empty in multicast
 */
public record Admission(
        Rules rules, InetAddress self, Set<InetAddress> addresses, Set<InetAddress> peers) {
    public Admission {
        addresses = Set.copyOf(addresses);
        peers = Set.copyOf(peers);
    }

    /** The answer. */
    public sealed interface Verdict {}

    /** It counts, and this much about it is odd. */
    public record Admitted(List<Oddity> oddities) implements Verdict {
        public Admitted {
            oddities = List.copyOf(oddities);
        }
    }

    /** It is discarded; {@code kind} names the reason in counters. */
    public record Refused(String kind, String detail) implements Verdict {}

    /** Worth saying once, but not worth an election. */
    public sealed interface Oddity {
        /** RFC 9568 7.1: a different list is logged, not dropped. */
        record OtherAddresses(List<InetAddress> theirs) implements Oddity {}

        /**
         * Not one address of the list is ours: most likely routers that have nothing to do with
         * these and were given the same VRID. Processed as any other list, because all addresses
         * may be exchanged host by host.
         */
        record ForeignGroup(List<InetAddress> theirs) implements Oddity {}

        /** RFC 9568 7.1: a different interval is logged, and followed. */
        record OtherInterval(Duration theirs) implements Oddity {}

        /** Two routers with priority 255: processed, so that they converge by address. */
        record SecondOwner() implements Oddity {}

        /** RFC 9568 5.2.9 wants a link-local address first; many routers send none, and work. */
        record FirstNotLinkLocal() implements Oddity {}

        /** For people, what is odd. */
        default String detail() {
            return switch (this) {
                case OtherAddresses(var theirs) ->
                        "advertises other addresses than ours: " + hosts(theirs);
                case ForeignGroup(var theirs) ->
                        "advertises none of our addresses: " + hosts(theirs);
                case OtherInterval(var theirs) -> "advertises every " + Words.of(theirs);
                case SecondOwner _ -> "claims to own the addresses too, with priority 255";
                case FirstNotLinkLocal _ -> "lists another address before a link-local one";
            };
        }

        /** The name in counters. */
        default String kind() {
            return switch (this) {
                case OtherAddresses _ -> "address-list-mismatch";
                case ForeignGroup _ -> "foreign-group";
                case OtherInterval _ -> "interval-mismatch";
                case SecondOwner _ -> "second-owner";
                case FirstNotLinkLocal _ -> "first-address-not-link-local";
            };
        }
    }

    /** Judges an advertisement for our VRID. */
    public Verdict judge(Advert advert, InetAddress source) {
        if (source.equals(self)) {
            return new Refused("own-address", "sent from our own address " + host(source));
        }
        if (!peers.isEmpty() && !peers.contains(source)) {
            return new Refused("unknown-peer", host(source) + " is not in unicast.peers");
        }
        boolean sameInterval = advert.interval().equals(rules.interval());
        boolean sameAddresses = addresses.equals(Set.copyOf(advert.addresses()));
        if (rules.version() == Version.V2) {
            if (!sameInterval) {
                return new Refused(
                        "interval-mismatch",
                        "advertises every %s, we every %s"
                                .formatted(
                                        Words.of(advert.interval()), Words.of(rules.interval())));
            }
            if (!sameAddresses && !advert.priority().isOwner()) {
                return new Refused(
                        isForeign(advert) ? "foreign-group" : "address-list-mismatch",
                        "advertises other addresses than ours: " + hosts(advert.addresses()));
            }
        }
        return new Admitted(oddities(advert, sameInterval, sameAddresses));
    }

    private List<Oddity> oddities(Advert advert, boolean sameInterval, boolean sameAddresses) {
        List<Oddity> oddities = new ArrayList<>(0);
        if (!sameInterval) {
            oddities.add(new Oddity.OtherInterval(advert.interval()));
        }
        if (!sameAddresses) {
            oddities.add(
                    isForeign(advert)
                            ? new Oddity.ForeignGroup(advert.addresses())
                            : new Oddity.OtherAddresses(advert.addresses()));
        }
        if (advert.priority().isOwner() && rules.priority().isOwner()) {
            oddities.add(new Oddity.SecondOwner());
        }
        if (advert.addresses().getFirst() instanceof Inet6Address first
                && !first.isLinkLocalAddress()) {
            oddities.add(new Oddity.FirstNotLinkLocal());
        }
        return oddities;
    }

    private boolean isForeign(Advert advert) {
        return Collections.disjoint(addresses, advert.addresses());
    }

    private static String host(InetAddress address) {
        return address.getHostAddress();
    }

    private static List<String> hosts(List<InetAddress> addresses) {
        return addresses.stream().map(Admission::host).toList();
    }
}

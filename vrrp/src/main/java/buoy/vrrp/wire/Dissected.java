package buoy.vrrp.wire;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be read of a datagram of IP protocol 112, for people who watch. Unlike {@link
 * Decoded}, which stops at the first reason to discard, it keeps the fields of a message that is
 * wrong: they tell whose mistake it is.
 */
public sealed interface Dissected {
    /**
     * An advertisement, sound or not.
     *
     * @param priority as sent, 0..255
     * @param addresses the first of those announced that are really there
     * @param authentication the type that version 2 names: 0 none, 1 password, 2 the header of
     *     IPsec; the password itself is nobody's business
     * @param flaw why every router that speaks this version discards it
     */
    record Advertisement(
            int version,
            int routerId,
            int priority,
            Duration interval,
            List<InetAddress> addresses,
            int authentication,
            Checksum checksum,
            Optional<Decoded.Garbage> flaw)
            implements Dissected {
        public Advertisement {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * OpenBSD's CARP, which shares protocol, group and virtual MAC addresses.
     *
     * @param virtualHost VHID, which takes the place of the VRID
     * @param skew what makes a host the lesser, 0..255
     * @param demotion by which it calls itself less fit; 0 is fit
     * @param interval between its announcements: its base, and 1/256 s for each step of the skew
     */
    record Carp(int virtualHost, int skew, int demotion, Duration interval, Checksum checksum)
            implements Dissected {}

    /**
     * Neither, or too short to tell.
     *
     * @param kind the name in counters
     */
    record Unreadable(String kind, String why) implements Dissected {}

    /** How the checksum comes out. */
    enum Checksum {
        /** As its protocol has it, where that leaves no choice. */
        OK("ok"),
        /** Version 3 over IPv4, summed with a pseudo-header as keepalived does. */
        OK_PSEUDO_HEADER("ok with pseudo-header"),
        /** Version 3 over IPv4, summed alone. */
        OK_RFC9568("ok per RFC 9568"),
        BAD("bad"),
        /** The message is cut off. */
        UNKNOWN("unknown");

        private final String words;

        Checksum(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}

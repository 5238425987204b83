package buoy.vrrp.wire;

import buoy.vrrp.core.Advert;

/** What a datagram of IP protocol 112 turned out to be. */
public sealed interface Decoded {
    /** A well-formed advertisement of the wanted version. */
    record Ok(Advert advert) implements Decoded {}

    /** To be discarded and counted by kind. */
    sealed interface Garbage extends Decoded {
        /** The name in counters, such as {@code bad-checksum}. */
        default String kind() {
            return switch (this) {
                case TooShort _ -> "too-short";
                case WrongTtl _ -> "wrong-ttl";
                case Carp _ -> "carp";
                case WrongVersion _ -> "wrong-version";
                case WrongType _ -> "wrong-type";
                case WrongVrid _ -> "wrong-vrid";
                case BadChecksum _ -> "bad-checksum";
                case AuthMismatch _ -> "auth-mismatch";
                case CountZero _ -> "count-zero";
                case IntervalZero _ -> "interval-zero";
            };
        }

        /** For people, what is wrong with it. */
        default String detail() {
            return switch (this) {
                case TooShort(int bytes, int needed) ->
                        "%d bytes where %d are needed".formatted(bytes, needed);
                case WrongTtl(int ttl, int least) ->
                        "TTL %d, below %d: through a router, or see unicast.min-ttl"
                                .formatted(ttl, least);
                case Carp _ -> "a CARP announcement, which shares protocol 112 with VRRP";
                case WrongVersion(int version, int wanted) ->
                        "version %d where version %d is configured".formatted(version, wanted);
                case WrongType(int type) -> "type %d, not an advertisement".formatted(type);
                case WrongVrid(int vrid) -> "for router-id %d".formatted(vrid);
                case BadChecksum(int found) ->
                        "checksum 0x%04x is wrong with and without pseudo-header".formatted(found);
                case AuthMismatch(int type, boolean wanted) ->
                        wanted && type == 1
                                ? "another password than the one configured here"
                                : "authentication type %d where %s is configured"
                                        .formatted(type, wanted ? "a password" : "none");
                case CountZero _ -> "lists no address";
                case IntervalZero _ -> "advertisement interval 0";
            };
        }
    }

    /** Cut off; {@code needed} is what its header promises. */
    record TooShort(int bytes, int needed) implements Garbage {}

    /** From beyond a router (RFC 9568 5.1.1.3): the one protection VRRP has against strangers. */
    record WrongTtl(int ttl, int least) implements Garbage {}

    /** OpenBSD's protocol on the same number and group; it looks like version 2. */
    record Carp() implements Garbage {}

    /** The other version of VRRP, or none. */
    record WrongVersion(int version, int wanted) implements Garbage {}

    /** Type 1 is the only one there is (RFC 9568 5.2.2). */
    record WrongType(int type) implements Garbage {}

    /** For a router that is not configured here. */
    record WrongVrid(int vrid) implements Garbage {}

    /** Damaged on the way, or not VRRP at all. */
    record BadChecksum(int found) implements Garbage {}

    /**
     * Version 2 with a password or an MD5 header that is not ours, or without the one we want. What
     * it was is not kept: it may be the right one of another router.
     *
     * @param wanted whether a password is configured
     */
    record AuthMismatch(int type, boolean wanted) implements Garbage {}

    /** An advertisement without addresses (RFC 9568 5.2.5). */
    record CountZero() implements Garbage {}

    /** Followed, it would mean a takeover for each packet. */
    record IntervalZero() implements Garbage {}
}

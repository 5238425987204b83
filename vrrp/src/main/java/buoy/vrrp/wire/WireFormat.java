package buoy.vrrp.wire;

import buoy.config.model.Password;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Version;
import java.net.InetAddress;
import java.util.Optional;

/**
 * How one router speaks.
 *
 * @param routerId VRID
 * @param leastTtl what arrives with a lower TTL or hop limit comes from beyond the link
 * @param pseudoHeader whether what is sent in version 3 over IPv4 is summed with a pseudo-header
 * @param password of version 2; what arrives with another or none is not ours
 */
public record WireFormat(
        Version version,
        int routerId,
        int leastTtl,
        boolean pseudoHeader,
        Optional<Password> password) {
    /** What multicast is sent with and must arrive with (RFC 9568 5.1.1.3, 5.1.2.3). */
    public static final int TTL = 255;

    private static final int ADVERTISEMENT = 1;

    /** A CARP announcement: version 2, type 1, and 7 words of authentication where we count. */
    private static final int CARP_LENGTH = 36;

    private static final int CARP_AUTHENTICATION_WORDS = 7;

    /** The payload of the datagram that carries the advertisement. */
    public byte[] encode(Advert advert, InetAddress source, InetAddress destination) {
        boolean ipv6 = source.getAddress().length == 16;
        return switch (version) {
            case V2 -> AdvertV2Codec.encode(advert, password);
            case V3 -> AdvertV3Codec.encode(advert, source, destination, ipv6 || pseudoHeader);
        };
    }

    /**
     * Reads a payload, whatever is in it, in the order of RFC 9568 7.1.
     *
     * @param ttl TTL or hop limit it arrived with
     */
    public Decoded decode(byte[] payload, InetAddress source, InetAddress destination, int ttl) {
        if (ttl < leastTtl) {
            return new Decoded.WrongTtl(ttl, leastTtl);
        }
        if (payload.length < 2) {
            return new Decoded.TooShort(payload.length, AdvertV3Codec.HEADER);
        }
        if (isCarp(payload)) {
            return new Decoded.Carp();
        }
        int found = (payload[0] & 0xf0) >> 4;
        if (found != version.number()) {
            return new Decoded.WrongVersion(found, version.number());
        }
        int type = payload[0] & 0x0f;
        if (type != ADVERTISEMENT) {
            return new Decoded.WrongType(type);
        }
        if (routerIdOf(payload) != routerId) {
            return new Decoded.WrongVrid(routerIdOf(payload));
        }
        return switch (version) {
            case V2 -> AdvertV2Codec.decode(payload, password);
            case V3 -> AdvertV3Codec.decode(payload, source, destination);
        };
    }

    /** The group of that family (RFC 9568 5.1.1.2, 5.1.2.2): 224.0.0.18 or ff02::12. */
    public static InetAddress group(boolean ipv6) {
        return ipv6
                ? Addresses.of(
                        new byte[] {(byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12})
                : Addresses.of(new byte[] {(byte) 224, 0, 0, 18});
    }

    /** The VRID of a payload of either version, or -1 where it is cut off before. */
    public static int routerIdOf(byte[] payload) {
        return payload.length < 2 ? -1 : payload[1] & 0xff;
    }

    static boolean isCarp(byte[] payload) {
        // Seven addresses would need 44 bytes, so no VRRP message looks like this.
        return payload.length == CARP_LENGTH
                && payload[0] == 0x21
                && payload[3] == CARP_AUTHENTICATION_WORDS;
    }
}

package buoy.vrrp.wire;

import buoy.vrrp.wire.Dissected.Checksum;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads any payload of IP protocol 112 as far as it goes; what decides is in the codecs. */
public final class Dissector {
    private static final int HEADER = 8;
    private static final int AUTHENTICATION_DATA = 8;
    private static final int ADVERTISEMENT = 1;

    private Dissector() {}

    /** What is in it. Nothing that arrives can make it throw. */
    public static Dissected dissect(byte[] payload, InetAddress source, InetAddress destination) {
        if (payload.length < HEADER) {
            return unreadable(new Decoded.TooShort(payload.length, HEADER));
        }
        ByteBuffer message = ByteBuffer.wrap(payload);
        if (WireFormat.isCarp(payload)) {
            return carp(payload, message);
        }
        int version = (payload[0] & 0xf0) >> 4;
        int type = payload[0] & 0x0f;
        if (version != 2 && version != 3) {
            return new Dissected.Unreadable(
                    "wrong-version", "version %d, which is none of VRRP".formatted(version));
        }
        if (type != ADVERTISEMENT) {
            return unreadable(new Decoded.WrongType(type));
        }
        return version == 2
                ? version2(payload, message)
                : version3(payload, message, source, destination);
    }

    private static Dissected unreadable(Decoded.Garbage garbage) {
        return new Dissected.Unreadable(garbage.kind(), garbage.detail());
    }

    private static Dissected.Advertisement version2(byte[] payload, ByteBuffer message) {
        int authentication = message.get(4) & 0xff;
        int length = HEADER + 4 * count(message) + AUTHENTICATION_DATA;
        Checksum checksum =
                payload.length < length
                        ? Checksum.UNKNOWN
                        : isZero(InternetChecksum.sum(payload, length))
                                ? Checksum.OK
                                : Checksum.BAD;
        return new Dissected.Advertisement(
                2,
                message.get(1) & 0xff,
                message.get(2) & 0xff,
                Duration.ofSeconds(message.get(5) & 0xff),
                addresses(message, 4),
                authentication,
                checksum,
                flaw(AdvertV2Codec.decode(payload, Optional.empty())));
    }

    private static Dissected.Advertisement version3(
            byte[] payload, ByteBuffer message, InetAddress source, InetAddress destination) {
        int size = source.getAddress().length;
        return new Dissected.Advertisement(
                3,
                message.get(1) & 0xff,
                message.get(2) & 0xff,
                Duration.ofMillis((message.getShort(4) & 0x0fff) * 10L),
                addresses(message, size),
                0,
                checksum3(payload, HEADER + size * count(message), source, destination),
                flaw(AdvertV3Codec.decode(payload, source, destination)));
    }

    private static Checksum checksum3(
            byte[] payload, int length, InetAddress source, InetAddress destination) {
        if (payload.length < length) {
            return Checksum.UNKNOWN;
        }
        boolean ipv4 = source.getAddress().length == 4;
        long alone = InternetChecksum.sum(payload, length);
        if (isZero(alone + InternetChecksum.pseudoHeader(source, destination, length))) {
            return ipv4 ? Checksum.OK_PSEUDO_HEADER : Checksum.OK;
        }
        return ipv4 && isZero(alone) ? Checksum.OK_RFC9568 : Checksum.BAD;
    }

    /** OpenBSD's {@code struct carp_header}; the checksum covers it alone. */
    private static Dissected.Carp carp(byte[] payload, ByteBuffer message) {
        int skew = message.get(2) & 0xff;
        return new Dissected.Carp(
                message.get(1) & 0xff,
                skew,
                message.get(4) & 0xff,
                Duration.ofSeconds(message.get(5) & 0xff)
                        .plus(Duration.ofSeconds(skew).dividedBy(256)),
                isZero(InternetChecksum.sum(payload, payload.length)) ? Checksum.OK : Checksum.BAD);
    }

    private static List<InetAddress> addresses(ByteBuffer message, int size) {
        int there = (message.capacity() - HEADER) / size;
        return Addresses.read(message, HEADER, size, Math.min(count(message), there));
    }

    private static int count(ByteBuffer message) {
        return message.get(3) & 0xff;
    }

    private static boolean isZero(long sum) {
        return InternetChecksum.fold(sum) == 0;
    }

    private static Optional<Decoded.Garbage> flaw(Decoded decoded) {
        return switch (decoded) {
            // A password is no flaw for those who know it.
            case Decoded.Ok _, Decoded.AuthMismatch _ -> Optional.empty();
            case Decoded.Garbage garbage -> Optional.of(garbage);
        };
    }
}

package buoy.lb.guard;

import buoy.lb.select.Hash;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.SecureRandom;

/**
 * What clients are told apart by: 64 bits of an address or of a text, of this process alone, so
 * that nobody can choose what shares a place with another. An IPv6 address counts by its first 64
 * bits: who has one subnet has all the rest (RFC 6177).
 */
public final class ClientKeys {
    private static final long SECRET = new SecureRandom().nextLong();
    private static final int IPV6_PREFIX_BYTES = 8;

    private ClientKeys() {}

    public static long of(InetAddress client) {
        byte[] address = client.getAddress();
        int n = client instanceof Inet6Address ? IPV6_PREFIX_BYTES : address.length;
        return ofHash(Hash.of(address, 0, n));
    }

    /** Of what has this hash by {@link Hash}. */
    public static long ofHash(long hash) {
        return Hash.mix(hash ^ SECRET);
    }
}

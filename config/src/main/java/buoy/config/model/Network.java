package buoy.config.model;

import java.net.InetAddress;

/** A network such as {@code 203.0.113.0/24}: no host bits set. */
public record Network(InetAddress address, int length) {
    /** Whether {@code other} lies in this network; an address of the other family never does. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < length; bit += 8) {
            int mask = length - bit >= 8 ? 0xff : 0xff << (8 - (length - bit));
            if (((mine[bit / 8] ^ theirs[bit / 8]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return AddressText.of(address) + "/" + length;
    }
}

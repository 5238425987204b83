package buoy.config.model;

import java.net.InetAddress;

/**
 * An address with the length of its network, such as {@code 198.51.100.100/24}. Host bits may be
 * set.
 */
public record Prefix(InetAddress address, int length) {
    public Prefix {
        if (length < 0 || length > address.getAddress().length * 8) {
            throw new IllegalArgumentException(
                    "/" + length + " is not in 0.." + address.getAddress().length * 8);
        }
    }

    @Override
    public String toString() {
        return AddressText.of(address) + "/" + length;
    }
}

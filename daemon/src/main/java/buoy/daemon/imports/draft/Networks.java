package buoy.daemon.imports.draft;

import buoy.config.model.Network;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Networks as other programs write them. */
public final class Networks {
    private Networks() {}

    /**
     * {@code 203.0.113.0/24} or one address; bits behind the length are cleared. Looks nothing up.
     */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = address(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = address.get().getAddress();
        int length = bytes.length * 8;
        if (slash >= 0) {
            String digits = text.substring(slash + 1);
            if (!Pattern.matches("[0-9]{1,3}", digits) || Integer.parseInt(digits) > length) {
                return Optional.empty();
            }
            length = Integer.parseInt(digits);
        }
        for (int bit = length; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        try {
            return Optional.of(new Network(InetAddress.getByAddress(bytes), length));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the length is that of an address", e);
        }
    }

    /** An address written out, as Buoy takes it. */
    public static Optional<InetAddress> address(String text) {
        String octet = "(0|[1-9][0-9]{0,2})";
        boolean six = text.contains(":");
        if (!Pattern.matches(six ? "[0-9a-fA-F:.]{2,45}" : octet + "(\\." + octet + "){3}", text)) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            // ::ffff:198.51.100.1 would become IPv4.
            return (address.getAddress().length == 16) == six
                    ? Optional.of(address)
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The networks of clients that are in one of each list. */
    public static List<Network> both(List<Network> some, List<Network> others) {
        List<Network> both = new ArrayList<>();
        for (Network one : some) {
            for (Network other : others) {
                Network narrow = one.length() >= other.length() ? one : other;
                Network wide = narrow.equals(one) ? other : one;
                if (wide.contains(narrow.address()) && !both.contains(narrow)) {
                    both.add(narrow);
                }
            }
        }
        return both;
    }
}

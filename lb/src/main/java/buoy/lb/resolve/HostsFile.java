package buoy.lb.resolve;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code /etc/hosts} (hosts(5)): an address, then its names. */
final class HostsFile {
    private HostsFile() {}

    /** The addresses of this name, those of IPv4 first; none if it is not there. */
    static List<InetAddress> addresses(String text, String host) {
        String wanted = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        List<InetAddress> four = new ArrayList<>();
        List<InetAddress> six = new ArrayList<>();
        for (String line : text.lines().toList()) {
            int comment = line.indexOf('#');
            String[] words =
                    (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+", -1);
            for (int i = 1; i < words.length; i++) {
                if (words[i].toLowerCase(Locale.ROOT).equals(wanted)) {
                    try {
                        InetAddress address = InetAddress.ofLiteral(words[0]);
                        (address instanceof Inet4Address ? four : six).add(address);
                    } catch (IllegalArgumentException _) {
                        // A line that no program understands.
                    }
                }
            }
        }
        four.addAll(six);
        return four;
    }
}

package buoy.lb.resolve;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code /etc/resolv.conf} (resolv.conf(5)): {@code nameserver}, {@code search} and {@code domain};
 * the rest is for libraries that wait differently.
 *
 * @param servers best first
 * @param search domains that a name without a dot may be in
 */
record ResolvConf(List<InetAddress> servers, List<String> search) {
    /** As many as the C library takes. */
    private static final int MOST_SERVERS = 3;

    private static final int MOST_DOMAINS = 6;

    static ResolvConf parse(String text) {
        List<InetAddress> servers = new ArrayList<>();
        List<String> search = List.of();
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            switch (words[0]) {
                case "nameserver" -> {
                    if (words.length > 1 && servers.size() < MOST_SERVERS) {
                        literal(words[1]).ifPresent(servers::add);
                    }
                }
                // The last one counts.
                case "search", "domain" ->
                        search =
                                List.of(words).stream()
                                        .skip(1)
                                        .map(ResolvConf::bare)
                                        .filter(domain -> !domain.isEmpty())
                                        .limit(MOST_DOMAINS)
                                        .toList();
                default -> {
                    // A comment, an option, or nothing.
                }
            }
        }
        return new ResolvConf(List.copyOf(servers), search);
    }

    /** The names to ask for, in this order, as questions have them: with a dot at the end. */
    List<String> questions(String host) {
        if (host.endsWith(".")) {
            return List.of(host);
        }
        if (host.contains(".")) {
            return List.of(host + ".");
        }
        List<String> all = new ArrayList<>();
        search.forEach(domain -> all.add(host + "." + domain + "."));
        all.add(host + ".");
        return all;
    }

    private static String bare(String domain) {
        String lower = domain.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}

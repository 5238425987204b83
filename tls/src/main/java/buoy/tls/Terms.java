package buoy.tls;

import java.util.List;
import java.util.Optional;

/**
 * On which terms clients are spoken with, whatever certificate they are shown.
 *
 * @param alpn application protocols offered, best first
 * @param clients empty where they are not asked for a certificate
 */
record Terms(Policies policies, List<String> alpn, Optional<ClientTrust> clients) {
    Terms {
        alpn = List.copyOf(alpn);
    }
}

package buoy.tls;

import java.util.List;
import java.util.Optional;

/**
 * On which terms clients are spoken with, whatever certificate they are shown.
 *
 * @param alpn application protocols offered, best first
 * @param clients empty where they are not asked for a certificate
 * @param staples whether they get the OCSP response of what they are shown, if they want it
 */
record Terms(Policies policies, List<String> alpn, Optional<ClientTrust> clients, boolean staples) {
    Terms {
        alpn = List.copyOf(alpn);
    }
}

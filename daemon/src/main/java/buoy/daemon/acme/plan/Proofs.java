package buoy.daemon.acme.plan;

import java.util.Map;

/**
 * What a CA is answered, so that it believes that this host controls the names of one order.
 *
 * @param http the key authorization by token (RFC 8555 8.3)
 * @param tls the SHA-256 of the key authorization by name (RFC 8737 3), in hexadecimal digits
 */
public record Proofs(Map<String, String> http, Map<String, String> tls) {
    public static final Proofs NONE = new Proofs(Map.of(), Map.of());

    public Proofs {
        http = Map.copyOf(http);
        tls = Map.copyOf(tls);
    }
}

package buoy.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conscrypt.ServerEngines;

/**
 * What a CA is answered that asks whether this host controls a name (RFC 8555 8): under a path of
 * plain HTTP, or in a TLS handshake with a protocol of its own. Control replaces it as a whole,
 * workers look it up.
 */
public final class Challenges {
    /** Where HTTP-01 asks, with a token behind it (RFC 8555 8.3). */
    public static final String PATH = "/.well-known/acme-challenge/";

    private volatile Map<String, String> authorizations = Map.of();
    private volatile Map<String, Engines> engines = Map.of();

    /**
     * What TLS-ALPN-01 shows for one name.
     *
     * @param certificate for that name alone, with the extension of RFC 8737 3
     * @param key its own
     */
    public record Shown(X509Certificate certificate, PrivateKey key) {}

    /**
     * From now on these answers are given and no other.
     *
     * @param http what HTTP-01 is answered, by token
     * @param tls what TLS-ALPN-01 is shown, by name in lower case
     */
    public void answer(Map<String, String> http, Map<String, Shown> tls) {
        Map<String, Engines> next = new HashMap<>();
        tls.forEach((name, shown) -> next.put(name, engines(name, shown)));
        engines = Map.copyOf(next);
        authorizations = Map.copyOf(http);
    }

    private static Engines engines(String name, Shown shown) {
        List<String> protocol = List.of(ClientHello.CHALLENGE_PROTOCOL);
        Identity identity =
                new Identity(
                        ClientHello.CHALLENGE_PROTOCOL,
                        List.of(shown.certificate()),
                        shown.key(),
                        List.of(name));
        Terms terms = new Terms(Policies.ofChallenges(), protocol, Optional.empty(), false);
        return ServerTls.conscrypt().isPresent()
                // Sessions of its own: a CA is shown the certificate each time it asks.
                ? Engines.conscrypt(identity, terms, new ServerEngines.Sessions())
                : Engines.jdk(identity, terms);
    }

    /** Whether there is anything that HTTP-01 is answered now. */
    public boolean anyHttp() {
        return !authorizations.isEmpty();
    }

    /** What HTTP-01 is answered for this token. */
    public Optional<String> keyAuthorization(String token) {
        return Optional.ofNullable(authorizations.get(token));
    }

    /** Whether there is anything that TLS-ALPN-01 is shown now. */
    boolean anyTls() {
        return !engines.isEmpty();
    }

    /** What this client is shown, if it is a CA that asks for a name there is an answer for. */
    Optional<Engines> shownTo(ClientHello hello) {
        return hello.challenge() ? hello.serverName().map(engines::get) : Optional.empty();
    }
}

package buoy.tls;

import java.util.function.Predicate;

/** The name that a client asked for when it was shown a certificate, and what follows from that. */
public final class AskedFor {
    private final String name;
    private final Predicate<String> elsewhere;

    /**
     * @param name of its ClientHello (SNI), in lower case
     * @param elsewhere which hosts another certificate is for
     */
    AskedFor(String name, Predicate<String> elsewhere) {
        this.name = name;
        this.elsewhere = elsewhere;
    }

    public String name() {
        return name;
    }

    /**
     * Whether requests for a host, in lower case and without a port, belong on a connection that
     * asks for it: the certificate that was shown is not for it, and another is, or unknown names
     * are refused.
     */
    public boolean misses(String host) {
        return elsewhere.test(host);
    }

    @Override
    public String toString() {
        return name;
    }
}

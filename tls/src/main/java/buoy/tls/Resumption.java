package buoy.tls;

import java.time.Instant;
import org.conscrypt.ServerEngines;

/**
 * What the clients of one listener resume, which decides who makes its engines: who can be given
 * ticket keys is not who makes them all otherwise.
 */
sealed interface Resumption permits Resumption.InProcess, Resumption.OfIdentity, SharedTickets {
    Engines engines(Identity identity, Terms terms);

    /** Whether OCSP responses can be shown. */
    boolean staples();

    /** Follows the time; by one thread at a time. */
    default void look(Instant now) {}

    /** Conscrypt's, with ticket keys that it makes and changes by itself. */
    record InProcess(ServerEngines.Sessions sessions) implements Resumption {
        @Override
        public Engines engines(Identity identity, Terms terms) {
            return Engines.conscrypt(identity, terms, sessions);
        }

        @Override
        public boolean staples() {
            return true;
        }
    }

    /** The JDK's: each certificate has sessions of its own. */
    record OfIdentity() implements Resumption {
        @Override
        public Engines engines(Identity identity, Terms terms) {
            return Engines.jdk(identity, terms);
        }

        @Override
        public boolean staples() {
            return false;
        }
    }
}

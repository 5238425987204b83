package buoy.daemon.peer.wire;

import buoy.daemon.acme.plan.Proofs;
import java.util.Map;

/** One message from host to host. */
public sealed interface Message {
    /**
     * The first in each direction.
     *
     * @param version the highest that the sender speaks
     * @param instance drawn anew by each process, as 32 hexadecimal digits: nobody needs to hear
     *     itself
     * @param host the sender's name, for people
     */
    record Hello(int version, String instance, String host) implements Message {}

    /** Everything was told; from here on come changes. */
    record Whole() implements Message {}

    /** The sender is there; whoever hears it says the same. */
    record Alive() implements Message {}

    /**
     * The account with a CA. Of two the later one counts.
     *
     * @param directory of the CA
     * @param text the account's file
     */
    record Account(String directory, String text) implements Message {}

    /**
     * A certificate with its key. Of two the one counts that is valid from a later time on.
     *
     * @param name under {@code certificates} in the configuration
     * @param text its file
     */
    record Certificate(String name, String text) implements Message {}

    /**
     * What CAs are to be answered for all the sender's orders under way, in place of what was said
     * before.
     *
     * @param byOrder by the certificate that is ordered
     */
    record Challenges(Map<String, Proofs> byOrder) implements Message {
        public Challenges {
            byOrder = Map.copyOf(byOrder);
        }
    }

    /** Of a later version. */
    record Unknown(int kind) implements Message {}
}

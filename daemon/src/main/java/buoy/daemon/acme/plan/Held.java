package buoy.daemon.acme.plan;

import buoy.config.model.Certificate.Acme;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * A certificate that is there.
 *
 * @param directory of the CA that issued it
 * @param names that it is for, in lower case
 */
public record Held(String directory, Set<String> names, Instant notBefore, Instant notAfter) {
    /** Of its lifetime; the last renewals fall so much later than the first. */
    private static final int SPREAD = 30;

    public Held {
        names = Set.copyOf(names);
    }

    /** Whether it is what is wanted, whatever its age. */
    public boolean isOf(Acme wanted) {
        return directory.equals(wanted.directory()) && names.equals(Set.copyOf(wanted.names()));
    }

    /**
     * When to renew it: at two thirds of its lifetime, and up to a thirtieth of it later. Always
     * the same for one certificate, so that a restart changes nothing, but not for all certificates
     * of one age, so that they do not come all at once.
     */
    Instant renewal() {
        Duration lifetime = Duration.between(notBefore, notAfter);
        int chance = Math.floorMod(31 * names.hashCode() + notBefore.hashCode(), 1000);
        return notBefore
                .plus(lifetime.multipliedBy(2).dividedBy(3))
                .plus(lifetime.multipliedBy(chance).dividedBy(1000L * SPREAD));
    }
}

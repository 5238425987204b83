package buoy.tls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which certificate a client is shown: by the name it asks for, then by the kind of key it can use.
 *
 * <p>An exact name goes before a wildcard, and a wildcard stands for exactly one label (RFC 9525
 * 6.3).
 *
 * @param <T> what is chosen
 */
final class Identities<T> {
    private final Map<String, List<T>> exact = new HashMap<>();
    private final Map<String, List<T>> wildcard = new HashMap<>();
    private final List<T> fallback = new ArrayList<>();
    private final Set<String> awaited;
    private final boolean refuseUnknown;
    private final Predicate<T> ecdsa;
    private final Function<T, List<String>> namesOf;

    /**
     * @param all the first is for clients whose name none carries, together with those of the same
     *     names but another key type
     * @param namesOf the DNS names a candidate carries, in lower case
     * @param ecdsa whether its key is for ECDSA, else RSA
     * @param awaited names in lower case whose certificate is not there yet
     * @param refuseUnknown no certificate for such clients
     */
    Identities(
            List<T> all,
            Set<String> awaited,
            Function<T, List<String>> namesOf,
            Predicate<T> ecdsa,
            boolean refuseUnknown) {
        this.awaited = Set.copyOf(awaited);
        this.refuseUnknown = refuseUnknown;
        this.ecdsa = ecdsa;
        this.namesOf = namesOf;
        List<String> firstNames = all.isEmpty() ? List.of() : namesOf.apply(all.getFirst());
        for (T candidate : all) {
            List<String> names = namesOf.apply(candidate);
            for (String name : names) {
                boolean any = name.startsWith("*.");
                (any ? wildcard : exact)
                        .computeIfAbsent(any ? name.substring(1) : name, _ -> new ArrayList<>(1))
                        .add(candidate);
            }
            if (candidate == all.getFirst() || names.equals(firstNames)) {
                fallback.add(candidate);
            }
        }
    }

    /**
     * Empty means that the client is to be refused; a client that sent no name counts as unknown.
     */
    Optional<T> choose(ClientHello hello) {
        List<T> carrying = hello.serverName().map(this::carrying).orElse(List.of());
        if (!carrying.isEmpty()) {
            return Optional.of(usable(carrying, hello));
        }
        return refuseUnknown || awaits(hello)
                ? Optional.empty()
                : Optional.of(usable(fallback, hello));
    }

    /**
     * Whether the certificate that the client asks for, or if it knows no name the only one that
     * there could be, is not there yet: another would be refused by it anyway.
     */
    boolean awaits(ClientHello hello) {
        return fallback.isEmpty() || hello.serverName().filter(awaited::contains).isPresent();
    }

    /** For a ClientHello that cannot be read: the engine will refuse it in its own words. */
    Optional<T> any() {
        return fallback.stream().findFirst();
    }

    /**
     * Whether a client that was shown {@code shown} has to ask anew for this name, in lower case:
     * others carry it and that does not, or nobody does and unknown names are refused.
     */
    boolean misses(T shown, String name) {
        List<T> right = carrying(name);
        return right.isEmpty() ? refuseUnknown : !right.contains(shown) && !carries(shown, name);
    }

    /** As a client judges a certificate: also where another is the better choice. */
    private boolean carries(T shown, String name) {
        List<String> names = namesOf.apply(shown);
        int dot = name.indexOf('.');
        return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
    }

    private List<T> carrying(String name) {
        List<T> found = exact.get(name);
        if (found == null) {
            int dot = name.indexOf('.');
            found = dot <= 0 ? null : wildcard.get(name.substring(dot));
        }
        return found == null ? List.of() : found;
    }

    /** ECDSA where both sides have it, because signing costs a tenth of RSA; else what is first. */
    private T usable(List<T> candidates, ClientHello hello) {
        for (T candidate : candidates) {
            if (ecdsa.test(candidate) == hello.ecdsa()) {
                return candidate;
            }
        }
        return candidates.getFirst();
    }
}

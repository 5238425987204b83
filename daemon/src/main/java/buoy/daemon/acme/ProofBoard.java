package buoy.daemon.acme;

import buoy.daemon.acme.plan.Proofs;
import buoy.tls.Challenges;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the proofs of every order under way are, this host's and the others', for workers to find
 * them: the CA asks whichever host has the address.
 */
final class ProofBoard {
    private final Challenges challenges;

    // Guarded by this.
    private Map<String, Proofs> own = Map.of();
    private final Map<String, Map<String, Proofs>> others = new LinkedHashMap<>();

    /** What TLS-ALPN-01 shows; made once, as making a key and a certificate costs. */
    private Map<String, Challenges.Shown> shown = new HashMap<>();

    ProofBoard(Challenges challenges) {
        this.challenges = challenges;
    }

    /**
     * From now on these answers are given for an order of this host, in place of those it had.
     *
     * @return those of all orders of this host
     */
    synchronized Map<String, Proofs> put(String order, Proofs proofs) {
        Map<String, Proofs> next = new LinkedHashMap<>(own);
        next.put(order, proofs);
        return own(next);
    }

    /** An order of this host is over. */
    synchronized Map<String, Proofs> remove(String order) {
        Map<String, Proofs> next = new LinkedHashMap<>(own);
        next.remove(order);
        return own(next);
    }

    private Map<String, Proofs> own(Map<String, Proofs> next) {
        own = Map.copyOf(next);
        answer();
        return own;
    }

    synchronized Map<String, Proofs> own() {
        return own;
    }

    /** Those of another process are these; none if it has no orders. */
    synchronized void heard(String instance, Map<String, Proofs> proofs) {
        // What cannot be shown must fail before it is stored: it would spoil all answers after it.
        Map<String, Challenges.Shown> made = new HashMap<>();
        proofs.values().forEach(each -> add(each, new HashMap<>(), new HashMap<>(), made));
        shown.putAll(made);
        if (proofs.isEmpty()) {
            others.remove(instance);
        } else {
            others.put(instance, proofs);
        }
        answer();
    }

    private void answer() {
        Map<String, String> http = new HashMap<>();
        Map<String, Challenges.Shown> tls = new HashMap<>();
        Map<String, Challenges.Shown> used = new HashMap<>();
        // This host's own come last, and so count where two order for one name.
        others.values().forEach(all -> all.values().forEach(each -> add(each, http, tls, used)));
        own.values().forEach(each -> add(each, http, tls, used));
        shown = used;
        challenges.answer(http, tls);
    }

    private void add(
            Proofs proofs,
            Map<String, String> http,
            Map<String, Challenges.Shown> tls,
            Map<String, Challenges.Shown> used) {
        http.putAll(proofs.http());
        proofs.tls()
                .forEach(
                        (name, digest) -> {
                            String what = name + ' ' + digest;
                            Challenges.Shown shows =
                                    Optional.ofNullable(shown.get(what))
                                            .orElseGet(() -> show(name, digest));
                            used.put(what, shows);
                            tls.put(name, shows);
                        });
    }

    private static Challenges.Shown show(String name, String digest) {
        try {
            return ChallengeCertificate.of(name, HexFormat.of().parseHex(digest));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java makes P-256 keys and certificates", e);
        }
    }
}

package buoy.daemon.acme;

import buoy.tls.Challenges;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where every order under way puts its proofs, for workers to find them. */
final class ProofBoard {
    private final Challenges challenges;

    // Guarded by this.
    private final Map<String, Proofs> byOrder = new LinkedHashMap<>();

    /** What TLS-ALPN-01 shows; made once, as making a key and a certificate costs. */
    private final Map<String, Challenges.Shown> shown = new HashMap<>();

    ProofBoard(Challenges challenges) {
        this.challenges = challenges;
    }

    /** From now on these answers are given for an order, in place of those it had. */
    synchronized void put(String order, Proofs proofs) {
        if (proofs.equals(Proofs.NONE)) {
            byOrder.remove(order);
        } else {
            byOrder.put(order, proofs);
        }
        Map<String, String> http = new HashMap<>();
        Map<String, Challenges.Shown> tls = new HashMap<>();
        Map<String, Challenges.Shown> used = new HashMap<>();
        for (Proofs each : byOrder.values()) {
            http.putAll(each.http());
            for (Map.Entry<String, String> name : each.tls().entrySet()) {
                String made = name.getKey() + ' ' + name.getValue();
                Challenges.Shown shows =
                        Optional.ofNullable(shown.get(made))
                                .orElseGet(() -> show(name.getKey(), name.getValue()));
                used.put(made, shows);
                tls.put(name.getKey(), shows);
            }
        }
        shown.clear();
        shown.putAll(used);
        challenges.answer(http, tls);
    }

    private static Challenges.Shown show(String name, String digest) {
        try {
            return ChallengeCertificate.of(name, HexFormat.of().parseHex(digest));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java makes P-256 keys and certificates", e);
        }
    }
}

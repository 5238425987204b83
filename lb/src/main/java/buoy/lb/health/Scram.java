package buoy.lb.health;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A client's side of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677), as PostgreSQL
 * speaks it: the user's name is left empty, because the start-up message has it. Pure: the nonce
 * comes in.
 *
 * <pre>
 *  client: n,,n=,r=NONCE
 *  server: r=NONCE+MORE,s=SALT,i=ITERATIONS
 *  client: c=biws,r=NONCE+MORE,p=PROOF
 *  server: v=SIGNATURE
 * </pre>
 */
final class Scram {
    static final String MECHANISM = "SCRAM-SHA-256";

    /** Header of a client that knows no channel binding, and the same in base64. */
    private static final String HEADER = "n,,";

    private static final String HEADER_BASE64 = "biws";

    /** A server's own setting goes to 2^31 - 1, and it would keep us busy for minutes. */
    private static final int MOST_ITERATIONS = 1_000_000;

    private final String user;
    private final String password;
    private final String nonce;

    /**
     * @param user without a comma or an equals sign; for PostgreSQL empty, because the start-up
     *     message has named it
     * @param nonce printable ASCII without a comma, never used before
     */
    Scram(String user, String password, String nonce) {
        this.user = user;
        this.password = password;
        this.nonce = nonce;
    }

    /** What the client says first. */
    String first() {
        return HEADER + bare();
    }

    private String bare() {
        return "n=" + user + ",r=" + nonce;
    }

    /**
     * The client's proof, and what the server has to answer for its own.
     *
     * @param message the client's last
     */
    record Proof(String message, String serverFinal) {}

    /** Answers the server's first message; empty if that makes no sense. */
    Optional<Proof> answer(String serverFirst) {
        Map<String, String> said = attributes(serverFirst);
        String joined = said.getOrDefault("r", "");
        String iterations = said.getOrDefault("i", "");
        boolean sane =
                joined.startsWith(nonce)
                        && joined.length() > nonce.length()
                        && iterations.matches("[1-9][0-9]{0,6}")
                        && Integer.parseInt(iterations) <= MOST_ITERATIONS;
        if (!sane) {
            return Optional.empty();
        }
        byte[] salt;
        try {
            salt = Base64.getDecoder().decode(said.getOrDefault("s", ""));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        byte[] salted = salted(salt, Integer.parseInt(iterations));
        byte[] clientKey = hmac(salted, "Client Key");
        String withoutProof = "c=" + HEADER_BASE64 + ",r=" + joined;
        String all = bare() + "," + serverFirst + "," + withoutProof;
        byte[] proof = xor(clientKey, hmac(sha256(clientKey), all));
        byte[] signature = hmac(hmac(salted, "Server Key"), all);
        return Optional.of(
                new Proof(
                        withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof),
                        "v=" + Base64.getEncoder().encodeToString(signature)));
    }

    private static Map<String, String> attributes(String message) {
        Map<String, String> attributes = new HashMap<>();
        for (String part : message.split(",", -1)) {
            if (part.length() >= 2 && part.charAt(1) == '=') {
                attributes.putIfAbsent(part.substring(0, 1), part.substring(2));
            }
        }
        return attributes;
    }

    /** {@code Hi} of RFC 5802 2.2, which is PBKDF2 with one block. */
    private byte[] salted(byte[] salt, int iterations) {
        Mac mac = mac(prepared(password).getBytes(StandardCharsets.UTF_8));
        mac.update(salt);
        byte[] block = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] result = block.clone();
        for (int i = 1; i < iterations; i++) {
            block = mac.doFinal(block);
            result = xor(result, block);
        }
        return result;
    }

    /**
     * SASLprep (RFC 4013) as far as it changes anything: other spaces become spaces, what is mapped
     * to nothing goes, and the rest is normalised. What it forbids is left for the server to
     * refuse.
     */
    static String prepared(String password) {
        StringBuilder mapped = new StringBuilder();
        password.codePoints()
                .filter(c -> !isMappedToNothing(c))
                .map(c -> c != ' ' && Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
                .forEach(mapped::appendCodePoint);
        return Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    }

    /** RFC 3454 B.1. */
    private static boolean isMappedToNothing(int c) {
        return c == 0x00AD
                || c == 0x034F
                || c == 0x1806
                || (c >= 0x180B && c <= 0x180D)
                || (c >= 0x200B && c <= 0x200D)
                || c == 0x2060
                || (c >= 0xFE00 && c <= 0xFE0F)
                || c == 0xFEFF;
    }

    private static byte[] hmac(byte[] key, String text) {
        return mac(key).doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            // An empty password is a key too, which SecretKeySpec does not take; HMAC pads with
            // zeros.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] xor(byte[] a, byte[] b) {
        byte[] result = Arrays.copyOf(a, a.length);
        for (int i = 0; i < result.length; i++) {
            result[i] ^= b[i];
        }
        return result;
    }
}

package buoy.config;

import buoy.config.model.PoolTls;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code pools.NAME.tls}, and the same of checks. */
final class PoolTlsReader {
    private final Set<String> certificates;

    /**
     * @param certificates names that may be used
     */
    PoolTlsReader(Set<String> certificates) {
        this.certificates = certificates;
    }

    Optional<PoolTls> read(Section s) {
        boolean verify = s.get("verify", Numbers.BOOL, true);
        Optional<Path> ca = s.file("ca", Names::path);
        Optional<String> serverName = s.optional("server-name", PoolTlsReader::serverName);
        Optional<String> certificate =
                s.isNull("certificate")
                        ? Optional.empty()
                        : s.optional("certificate", Words.nameOf("certificate", certificates));
        if (!verify) {
            s.warn(
                    "verify",
                    "lets anybody on the way to the servers pose as one of them (use true, with ca)");
            if (ca.isPresent()) {
                s.reject("ca", "is of no use with verify: false (remove either)");
            }
        }
        return Optional.of(new PoolTls(verify, ca, serverName, certificate));
    }

    /** A DNS name, as RFC 6066 3 sends it. */
    private static Parsed<String> serverName(String text) {
        String label = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
        return text.length() <= 253 && Pattern.matches(label + "(\\." + label + ")*", text)
                ? Parsed.ok(text)
                : Parsed.wrong("must be a name such as db.internal, got " + Text.quoted(text));
    }
}

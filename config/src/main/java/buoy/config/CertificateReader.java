package buoy.config;

import buoy.config.model.Certificate;
import java.nio.file.Path;
import java.util.Optional;

/** {@code certificates.NAME}. */
final class CertificateReader {
    private CertificateReader() {}

    static Optional<Certificate> read(String name, Section s) {
        boolean bundle = s.has("pem");
        boolean pair = s.has("chain") || s.has("key");
        boolean later = s.has("directory") || s.has("acme");
        s.notAvailable("directory", "acme");
        if (bundle && pair) {
            s.reject("pem", "stands for chain and key together (remove either)");
        }
        if (bundle) {
            Optional<Path> pem = s.required("pem", Names::path);
            return pem.map(p -> new Certificate.Bundle(name, p));
        }
        if (later && !pair) {
            return Optional.empty();
        }
        Optional<Path> chain = s.required("chain", Names::path);
        Optional<Path> key = s.required("key", Names::path);
        return chain.flatMap(c -> key.map(k -> new Certificate.Pair(name, c, k)));
    }
}

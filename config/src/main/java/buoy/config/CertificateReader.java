package buoy.config;

import buoy.config.model.Certificate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code certificates.NAME}. */
final class CertificateReader {
    private final AcmeReader acme;

    CertificateReader(AcmeReader acme) {
        this.acme = acme;
    }

    Optional<Certificate> read(String name, Section s) {
        List<String> forms = new ArrayList<>();
        if (s.has("chain") || s.has("key")) {
            forms.add("chain");
        }
        if (s.has("pem")) {
            forms.add("pem");
        }
        if (s.has("directory")) {
            forms.add("directory");
        }
        if (s.has("acme")) {
            forms.add("acme");
        }
        if (forms.size() > 1) {
            s.reject(
                    forms.getLast(),
                    switch (forms.getLast()) {
                        case "pem" -> "stands for chain and key together (remove either)";
                        case "acme" -> "makes files of its own (remove either)";
                        default -> "stands for all that is in it (name its own files elsewhere)";
                    });
        }
        s.kind(forms.isEmpty() ? "chain" : forms.getLast());
        if (s.has("acme")) {
            return s.optionally("acme", a -> acme.read(name, a));
        }
        if (s.has("directory")) {
            Optional<Path> directory = s.requiredFile("directory", Names::path);
            return directory.map(d -> new Certificate.Directory(name, d));
        }
        if (s.has("pem")) {
            Optional<Path> pem = s.requiredFile("pem", Names::secretFile);
            return pem.map(p -> new Certificate.Bundle(name, p));
        }
        Optional<Path> chain = s.requiredFile("chain", Names::path);
        Optional<Path> key = s.requiredFile("key", Names::secretFile);
        return chain.flatMap(c -> key.map(k -> new Certificate.Pair(name, c, k)));
    }
}

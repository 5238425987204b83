package buoy.tls;

import static buoy.tls.CertificateFiles.BOTH;
import static buoy.tls.CertificateFiles.CHAIN;
import static buoy.tls.CertificateFiles.KEY;

import buoy.config.model.Certificate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One chain with its key: the files, and where the configuration names them.
 *
 * @param name what it is called in status, metrics and logs: the certificate's name under {@code
 *     certificates}, and behind a slash that of the files where a directory holds several
 * @param chain may be the same file as {@code key}
 */
record Part(String name, String chainPath, Path chain, String keyPath, Path key) {
    /** What a certificate consists of now. */
    static List<Part> of(Certificate certificate) throws IOException {
        return switch (certificate) {
            case Certificate.Pair pair -> List.of(of(pair));
            case Certificate.Bundle bundle -> List.of(of(bundle));
            case Certificate.Acme acme -> List.of(of(acme));
            case Certificate.Directory(var name, var directory) ->
                    in(directory, name, "certificates." + name + ".directory");
        };
    }

    static Part of(Certificate.Pair pair) {
        String path = "certificates." + pair.name();
        return new Part(pair.name(), path + ".chain", pair.chain(), path + ".key", pair.key());
    }

    static Part of(Certificate.Bundle bundle) {
        String path = "certificates." + bundle.name() + ".pem";
        return new Part(bundle.name(), path, bundle.pem(), path, bundle.pem());
    }

    static Part of(Certificate.Acme acme) {
        String path = "certificates." + acme.name() + ".acme";
        return new Part(acme.name(), path, acme.pem(), path, acme.pem());
    }

    /**
     * NAME.crt with NAME.key, NAME.pem with NAME.key, or NAME.pem alone with both in it; by name.
     */
    private static List<Part> in(Path directory, String certificate, String path)
            throws IOException {
        Map<String, Path> chains = new TreeMap<>();
        Map<String, Path> keys = new TreeMap<>();
        for (Path file : CertificateFiles.in(directory)) {
            String name = String.valueOf(file.getFileName());
            String stem = name.substring(0, name.lastIndexOf('.'));
            switch (name.substring(stem.length())) {
                case CHAIN -> chains.put(stem, file);
                case BOTH -> chains.putIfAbsent(stem, file);
                case KEY -> keys.put(stem, file);
                default -> {}
            }
        }
        List<Part> parts = new ArrayList<>();
        chains.forEach(
                (stem, chain) -> {
                    boolean alone = chain.toString().endsWith(BOTH) && !keys.containsKey(stem);
                    Path key = alone ? chain : directory.resolve(stem + KEY);
                    parts.add(new Part(certificate + "/" + stem, path, chain, path, key));
                });
        keys.keySet().removeAll(chains.keySet());
        keys.forEach(
                (stem, key) ->
                        parts.add(
                                new Part(
                                        certificate + "/" + stem,
                                        path,
                                        directory.resolve(stem + CHAIN),
                                        path,
                                        key)));
        return parts;
    }
}

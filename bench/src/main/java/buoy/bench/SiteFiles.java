package buoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What is served, and the certificates it is served with. */
final class SiteFiles {
    /** The directory, beside those of the contenders. */
    static final String NAME = "site";

    private SiteFiles() {}

    /**
     * Writes them.
     *
     * @param routes lines of HAProxy's map
     */
    static void make(Path parent, int routes) throws IOException {
        Path directory = Files.createDirectory(parent.resolve(NAME));
        Files.write(directory.resolve("16k"), new byte[16 << 10]);
        Files.write(directory.resolve("1m"), new byte[1 << 20]);
        Files.writeString(
                directory.resolve("routes.map"),
                Template.filled("@each@h@n@.example.com/64 origin-http", Map.of(), routes));
        certificate(directory, "site", "ec", "ec_paramgen_curve:P-256");
        certificate(directory, "rsa", "rsa", "rsa_keygen_bits:2048");
    }

    private static void certificate(Path directory, String name, String kind, String option)
            throws IOException {
        Path certificate = directory.resolve(name + ".crt");
        Path key = directory.resolve(name + ".key");
        String said =
                Command.output(
                        List.of(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                kind,
                                "-pkeyopt",
                                option,
                                "-nodes",
                                "-days",
                                "2",
                                "-subj",
                                "/CN=bench",
                                "-addext",
                                "subjectAltName=IP:127.0.0.1",
                                "-keyout",
                                key.toString(),
                                "-out",
                                certificate.toString()));
        if (!Files.exists(certificate)) {
            throw new BenchFailed("no certificate was made; openssl said: " + said.strip());
        }
        // HAProxy has both in one file.
        Files.writeString(
                directory.resolve(name + ".pem"),
                Files.readString(certificate) + Files.readString(key));
    }
}

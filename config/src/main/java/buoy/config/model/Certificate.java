package buoy.config.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code certificates.NAME}: where certificate chains and their private keys are found. */
public sealed interface Certificate {
    String name();

    /** Chain and key in a file each, PEM. */
    record Pair(String name, Path chain, Path key) implements Certificate {}

    /** Chain and key in one file, PEM, as HAProxy wants it. */
    record Bundle(String name, Path pem) implements Certificate {}

    /** Every pair and bundle in a directory, whatever is in it by now. */
    record Directory(String name, Path directory) implements Certificate {}

    /**
     * Ordered from a CA by Buoy itself (ACME, RFC 8555). The file is Buoy's own and need not be
     * there yet.
     *
     * @param directory URL of the CA's directory
     * @param names DNS names in lower case, at least one
     * @param contacts URLs by which the CA reaches the operator
     * @param challenges how control over the names is shown; the first is tried first
     * @param ca PEM file with whom to trust at the directory's end, in place of the system's store
     * @param pem chain and key in one file
     */
    record Acme(
            String name,
            String directory,
            List<String> names,
            List<String> contacts,
            KeyType keyType,
            List<Challenge> challenges,
            Optional<Path> ca,
            Path pem)
            implements Certificate {
        public Acme {
            names = List.copyOf(names);
            contacts = List.copyOf(contacts);
            challenges = List.copyOf(challenges);
        }

        /** Of the certificate's own key; each order makes a new one. */
        public enum KeyType {
            EC256,
            EC384,
            RSA2048,
            RSA4096
        }

        /** How control over a name is shown, by the names that RFC 8555 and RFC 8737 give. */
        public enum Challenge {
            HTTP_01("http-01"),
            TLS_ALPN_01("tls-alpn-01");

            private final String word;

            Challenge(String word) {
                this.word = word;
            }

            @Override
            public String toString() {
                return word;
            }
        }
    }
}

package buoy.lab;

import java.nio.file.Path;
import java.util.List;

/** A certification authority for one lab and a certificate from it, both made by openssl. */
final class Certificates {
    private Certificates() {}

    /**
     * Makes {@code ca.crt}, {@code site.crt} (the chain) and {@code site.key} in a directory.
     *
     * @param names for the certificate, as {@code DNS:app.example.com} or {@code IP:198.51.100.100}
     */
    static void make(Path directory, List<String> names) {
        Finished.of(
                        "sh",
                        "-ec",
                        """
                        cd "$1"
                        new() { openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "$@"; }
                        new -x509 -days 2 -subj "/CN=Lab authority" -keyout ca.key -out ca.crt
                        new -subj "/CN=app.example.com" -keyout site.key -out site.csr
                        printf 'subjectAltName=%s\\nextendedKeyUsage=serverAuth\\n' "$2" >site.ext
                        openssl x509 -req -in site.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
                            -extfile site.ext -out leaf.crt
                        cat leaf.crt ca.crt >site.crt
                        chmod 644 ca.crt site.crt
                        chmod 600 site.key ca.key
                        rm -f site.csr site.ext leaf.crt
                        """,
                        "certificates",
                        directory.toString(),
                        String.join(",", names))
                .orFail();
    }
}

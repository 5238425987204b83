package buoy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A certification authority for one lab, an intermediate one, and certificates of that, as a public
 * authority issues them: whoever trusts the first alone needs the second from the server. All made
 * by openssl.
 */
final class Certificates {
    private Certificates() {}

    /**
     * Makes {@code ca.crt}, {@code site.crt} (certificate and intermediate) and {@code site.key} in
     * a directory, and {@code site-rsa.*}, which is the same with an RSA key.
     *
     * @param names for the certificate, as {@code DNS:app.example.com} or {@code IP:198.51.100.100}
     */
    static void make(Path directory, List<String> names) {
        Finished.of(
                        "sh",
                        "-ec",
                        """
                        cd "$1"
                        ec="ec -pkeyopt ec_paramgen_curve:P-256"
                        new() { key=$1; shift; openssl req -new -newkey $key -nodes "$@"; }
                        sign() { openssl x509 -req -CA "$1.crt" -CAkey "$1.key" -CAcreateserial -days 90 -in "$2.csr" -extfile "$3" -out "$2.crt"; }
                        new "$ec" -x509 -days 90 -subj "/CN=Lab root" -keyout ca.key -out ca.crt
                        printf 'basicConstraints=critical,CA:TRUE,pathlen:0\\nkeyUsage=critical,keyCertSign,cRLSign\\n' >issuer.ext
                        new "$ec" -subj "/CN=Lab authority" -keyout issuer.key -out issuer.csr
                        sign ca issuer issuer.ext
                        printf 'subjectAltName=%s\\nextendedKeyUsage=serverAuth\\n' "$2" >leaf.ext
                        for kind in site:"$ec" site-rsa:rsa:2048; do
                            name=${kind%%:*}
                            new "${kind#*:}" -subj "/CN=app.example.com" -keyout "$name.key" -out "$name.csr"
                            sign issuer "$name" leaf.ext
                            cat issuer.crt >>"$name.crt"
                        done
                        chmod 644 ca.crt site*.crt
                        chmod 600 *.key
                        rm -f *.csr *.ext *.srl issuer.*
                        """,
                        "certificates",
                        directory.toString(),
                        String.join(",", names))
                .orFail();
    }

    /** Makes a certificate and puts it where the examples look: /etc/buoy/tls. */
    static void install(Lan lan, List<Host> hosts, List<String> names) {
        Path directory = lan.directory().resolve("certificates");
        try {
            Files.createDirectories(directory);
            make(directory, names);
            for (Host host : hosts) {
                for (String file :
                        List.of("site.crt", "site.key", "site-rsa.crt", "site-rsa.key")) {
                    host.write("/etc/buoy/tls/" + file, Files.readString(directory.resolve(file)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets a client of the lab trust them; returns the file on that host. */
    static String trust(Lan lan, Host client) {
        String file = "/etc/buoy-lab/ca.crt";
        try {
            client.write(
                    file,
                    Files.readString(lan.directory().resolve("certificates").resolve("ca.crt")));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

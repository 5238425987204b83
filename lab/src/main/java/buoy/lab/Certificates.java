package buoy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

    /** Makes a certificate and puts it where the examples look: /etc/buoy/tls. */
    static void install(Lan lan, List<Host> hosts, List<String> names) {
        Path directory = lan.directory().resolve("certificates");
        try {
            Files.createDirectories(directory);
            make(directory, names);
            for (Host host : hosts) {
                for (String file : List.of("site.crt", "site.key")) {
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

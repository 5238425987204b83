package buoy.tls;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which files of a directory of certificates are taken, by their names. */
public final class CertificateFiles {
    static final String CHAIN = ".crt";
    static final String BOTH = ".pem";
    static final String KEY = ".key";

    private CertificateFiles() {}

    /** Other files are none of ours, hidden ones are half written. */
    public static List<Path> in(Path directory) throws IOException {
        List<Path> taken = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (isTaken(String.valueOf(file.getFileName()))) {
                    taken.add(file);
                }
            }
        }
        return taken;
    }

    private static boolean isTaken(String name) {
        return !name.startsWith(".")
                && (name.endsWith(CHAIN) || name.endsWith(BOTH) || name.endsWith(KEY));
    }
}

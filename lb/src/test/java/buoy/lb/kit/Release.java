package buoy.lb.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * A newer PostgreSQL than Debian's: its server, and its libpq, which Debian's clients are content
 * with.
 */
public final class Release {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private final Path directory;

    private Release(Path directory) {
        this.directory = directory;
    }

    /**
     * Unpacks it.
     *
     * @param directory for it alone; others may look into it from now on
     */
    public static Release unpack(Path directory) throws IOException, InterruptedException {
        Path archive = directory.resolve("archive");
        try (InputStream in =
                Objects.requireNonNull(Release.class.getResourceAsStream(ARCHIVE), ARCHIVE)) {
            Files.copy(in, archive, StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(
                        RealPostgres.said(
                                        new ProcessBuilder(
                                                        "tar",
                                                        "-xJf",
                                                        archive + "",
                                                        "-C",
                                                        directory + "",
                                                        "--no-same-owner")
                                                .redirectErrorStream(true)
                                                .start())
                                .output())
                .isEmpty();
        Files.delete(archive);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Release(directory);
    }

    Path bin() {
        return directory.resolve("bin");
    }

    /** Has a client use this release's libpq. */
    public ProcessBuilder libpq(ProcessBuilder client) {
        client.environment().put("LD_LIBRARY_PATH", directory.resolve("lib") + "");
        return client;
    }
}

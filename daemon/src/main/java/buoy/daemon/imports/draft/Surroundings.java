package buoy.daemon.imports.draft;

import java.util.List;
import java.util.Optional;

/** What an import may ask of the host it runs on. It only looks. */
public interface Surroundings {
    boolean isDirectory(String path);

    /** The text of a file of a bounded size; empty where it cannot be read here. */
    Optional<String> read(String path);

    /** The files that a pattern with {@code *} and {@code ?} matches, by name. */
    List<String> matching(String pattern);

    /**
     * What crypt(5) makes of a password in clear, so that it need not stand in the configuration.
     */
    String hashed(String password);
}

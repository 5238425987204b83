package buoy.config;

import buoy.config.model.Config;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The way from a file to a configuration. */
public final class ConfigFile {
    private ConfigFile() {}

    /**
     * Reads a configuration file and judges all of it. Never throws: an unreadable file is a
     * problem like any other.
     */
    public static Reading read(Path file) {
        Problems problems = new Problems();
        Optional<Config> config =
                bytes(file, problems)
                        .flatMap(bytes -> Document.parse(file.toString(), bytes, problems))
                        .map(tree -> Section.root(tree, problems, ConfigReader::read));
        List<Problem> errors = problems.errors();
        return config.isPresent() && errors.isEmpty()
                ? new Reading.Accepted(config.get(), problems.warnings())
                : new Reading.Rejected(errors);
    }

    private static Optional<byte[]> bytes(Path file, Problems problems) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(in.readNBytes(Document.MAX_BYTES + 1));
        } catch (IOException e) {
            problems.reject(
                    new Place(file.toString(), 1, 1), "file", "cannot be read: " + reason(file, e));
            return Optional.empty();
        }
    }

    private static String reason(Path file, IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file (name another one with -c)";
            case AccessDeniedException _ -> "access is denied (check its owner and mode)";
            default ->
                    Files.isDirectory(file)
                            ? "it is a directory (name a file in it)"
                            : Text.oneLine(String.valueOf(e.getMessage()));
        };
    }
}

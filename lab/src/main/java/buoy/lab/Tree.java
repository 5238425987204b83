package buoy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The source tree this lab was built in. */
final class Tree {
    private Tree() {}

    /** The directory with {@code bin/} and {@code examples/}. */
    static Path root() {
        return Optional.ofNullable(System.getProperty("buoy.root"))
                .map(Path::of)
                .orElseGet(Tree::fromClasses);
    }

    /**
     * A file of {@code examples/}.
     *
     * @param file as {@code scenario-1/lb1.yaml}
     */
    static String example(String file) {
        return text("examples/" + file);
    }

    /**
     * Any file of the tree.
     *
     * @param file from its root
     */
    static String text(String file) {
        try {
            return Files.readString(root().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path fromClasses() {
        try {
            Path classes =
                    Path.of(Tree.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            for (Path at = classes; at != null; at = at.getParent()) {
                if (Files.isExecutable(at.resolve("bin").resolve("mvn25"))) {
                    return at;
                }
            }
            throw new LabFailed("no source tree above " + classes);
        } catch (URISyntaxException e) {
            throw new LabFailed("where am I?", e);
        }
    }
}

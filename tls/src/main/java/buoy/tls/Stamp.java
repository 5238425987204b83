package buoy.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a file is known by without being read: enough to see that it was written, replaced, or that
 * a symbolic link leads elsewhere now.
 *
 * @param key device and inode; empty where there is no such file
 * @param modified nanoseconds since 1970
 */
record Stamp(String key, long modified, long size) {
    private static final Stamp NONE = new Stamp("", 0, 0);

    static List<Stamp> of(Part part) {
        return Stream.of(part.chain(), part.key()).distinct().map(Stamp::of).toList();
    }

    static Stamp of(Path file) {
        try {
            BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(
                    String.valueOf(seen.fileKey()),
                    seen.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                    seen.size());
        } catch (IOException _) {
            return NONE; // whoever reads it says why
        }
    }
}

package buoy.daemon;

import buoy.daemon.imports.draft.Surroundings;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/** A host that has these files, for imports. */
record FakeSurroundings(Map<String, String> files) implements Surroundings {
    @Override
    public boolean isDirectory(String path) {
        return false;
    }

    @Override
    public Optional<String> read(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public List<String> matching(String pattern) {
        PathMatcher matcher;
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException _) {
            return List.of();
        }
        return files.keySet().stream()
                .filter(file -> matcher.matches(Path.of(file)))
                .sorted()
                .toList();
    }

    @Override
    public String hashed(String password) {
        return "$6$saltsalt$" + "a".repeat(86);
    }
}

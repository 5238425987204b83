package buoy.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files themselves: what cannot be read or listed is a problem. */
final class Disk {
    private static final int MOST_OF_A_LINE = 4096;

    private Disk() {}

    /** A file, or one byte more than {@link Document} takes. */
    static Optional<byte[]> bytes(Path file, Problems problems) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(in.readNBytes(Document.MAX_BYTES + 1));
        } catch (IOException e) {
            problems.enter(file.toString());
            problems.reject(
                    Place.start(file.toString()), "file", "cannot be read: " + reason(file, e));
            return Optional.empty();
        }
    }

    /** What stands in the first line of a small file. */
    static Parsed<String> firstLine(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MOST_OF_A_LINE), StandardCharsets.UTF_8);
            return Parsed.ok(text.lines().findFirst().orElse(""));
        } catch (IOException e) {
            return Parsed.wrong(
                    Text.quoted(file.toString()) + " cannot be read: " + reason(file, e));
        }
    }

    /** A whole text in UTF-8, of so many bytes at most. */
    static Parsed<String> text(Path file, int most) {
        String shown = Text.quoted(file.toString());
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            return bytes.length > most
                    ? Parsed.wrong(shown + " is larger than " + Sizes.text(most))
                    : Parsed.ok(
                            StandardCharsets.UTF_8
                                    .newDecoder()
                                    .decode(ByteBuffer.wrap(bytes))
                                    .toString());
        } catch (CharacterCodingException e) {
            return Parsed.wrong(shown + " is not UTF-8");
        } catch (IOException e) {
            return Parsed.wrong(shown + " cannot be read: " + reason(file, e));
        }
    }

    /** One file, or those that a pattern in the last part of the path matches, by name. */
    static List<Path> matching(Tree.Scalar pattern, String at, Problems problems) {
        Path path;
        switch (Names.path(pattern.text())) {
            case Parsed.Ok<Path>(Path ok) -> path = ok;
            case Parsed.Wrong<Path>(String why) -> {
                problems.reject(pattern.place(), at, why);
                return List.of();
            }
        }
        Path directory = path.getParent();
        Path last = path.getFileName();
        if (directory == null || last == null || !last.toString().matches(".*[*?].*")) {
            if (!Files.exists(path)) {
                problems.reject(
                        pattern.place(), at, "there is no file " + Text.quoted(pattern.text()));
                return List.of();
            }
            return List.of(path);
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(directory, f -> matches(last, f))) {
            found.forEach(files::add);
        } catch (NoSuchFileException _) {
            // A directory that is not there has no files: the warning below says so.
        } catch (IOException e) {
            problems.reject(pattern.place(), at, "cannot be listed: " + reason(directory, e));
            return List.of();
        }
        if (files.isEmpty()) {
            problems.warn(pattern.place(), at, "matches no file");
        }
        files.sort(null);
        return files;
    }

    private static boolean matches(Path pattern, Path file) {
        Path name = file.getFileName();
        return name != null
                && !name.toString().startsWith(".")
                && Text.matchesGlob(pattern.toString(), name.toString());
    }

    private static String reason(Path file, IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is none (check the name)";
            case AccessDeniedException _ -> "access is denied (check its owner and mode)";
            default ->
                    Files.isDirectory(file)
                            ? "it is a directory (name a file in it)"
                            : Text.oneLine(String.valueOf(e.getMessage()));
        };
    }
}

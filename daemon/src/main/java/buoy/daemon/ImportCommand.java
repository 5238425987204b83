package buoy.daemon;

import buoy.daemon.imports.Imported;
import buoy.daemon.imports.Importer;
import buoy.daemon.imports.Language;
import buoy.daemon.imports.Source;
import buoy.daemon.imports.draft.Remark;
import buoy.daemon.imports.draft.Surroundings;
import buoy.daemon.imports.draft.Unparsable;
import buoy.daemon.json.JsonText;
import buoy.daemon.status.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import org.apache.commons.codec.digest.Sha2Crypt;
import picocli.CommandLine.ParseResult;

/** {@code buoy import}: needs no running buoy, and changes nothing. */
final class ImportCommand {
    static final String AS = "--as";

    private static final int MOST_BYTES = 8 << 20;
    private static final String STANDARD_INPUT = "-";

    private final PrintStream out;
    private final PrintStream err;

    ImportCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    ExitCode run(ParseResult command) {
        String word = command.matchedOptionValue(AS, "");
        Optional<Language> as = Language.of(word);
        if (!word.isEmpty() && as.isEmpty()) {
            err.println(
                    "buoy: %s is no language (write --as haproxy, --as nginx or --as keepalived)"
                            .formatted(word));
            return ExitCode.BAD_USAGE;
        }
        List<String> files = command.matchedPositionalValue(0, List.of());
        List<Source> sources = new ArrayList<>();
        for (String file : files) {
            try {
                sources.add(new Source(shown(file), text(file)));
            } catch (IOException | InvalidPathException e) {
                err.println("%s:1:1: cannot be read: %s".formatted(shown(file), reason(e)));
                return ExitCode.BAD_USAGE;
            }
        }
        try {
            Imported imported = Importer.run(sources, as, new Host());
            if (command.hasMatchedOption(CommandLineSpec.JSON)) {
                out.println(json(imported));
            } else {
                imported.remarks().forEach(err::println);
                out.print(imported.yaml());
            }
            return imported.whole() ? ExitCode.DONE : ExitCode.REFUSED;
        } catch (Unparsable e) {
            err.println(e.getMessage());
            return ExitCode.BAD_USAGE;
        }
    }

    private static String json(Imported imported) {
        return new JsonText()
                .of(
                        to -> {
                            to.writeStartObject();
                            to.writeBooleanField("whole", imported.whole());
                            to.writeArrayFieldStart("remarks");
                            for (Remark each : imported.remarks()) {
                                to.writeStartObject();
                                to.writeStringField("file", each.at().file());
                                to.writeNumberField("line", each.at().line());
                                to.writeStringField("kind", Words.of(each.kind()));
                                to.writeStringField("text", each.text());
                                to.writeEndObject();
                            }
                            to.writeEndArray();
                            to.writeStringField("configuration", imported.yaml());
                            to.writeEndObject();
                        });
    }

    private static String shown(String file) {
        return file.equals(STANDARD_INPUT) ? "stdin" : file;
    }

    private static String text(String file) throws IOException {
        try (InputStream in =
                file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("it is larger than 8 MiB");
            }
            return decoded(bytes);
        }
    }

    /** Comments in old files are often Latin-1, where every byte is a character. */
    private static String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is none (check the name)";
            case AccessDeniedException _ -> "access is denied (check its owner and mode)";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** The files of this host. */
    private static final class Host implements Surroundings {
        @Override
        public boolean isDirectory(String path) {
            try {
                return Files.isDirectory(Path.of(path));
            } catch (InvalidPathException _) {
                return false;
            }
        }

        @Override
        public Optional<String> read(String path) {
            try {
                return Optional.of(text(path));
            } catch (IOException | InvalidPathException _) {
                return Optional.empty();
            }
        }

        @Override
        public List<String> matching(String pattern) {
            List<String> found = new ArrayList<>();
            try {
                Path path = Path.of(pattern);
                Path directory = path.getParent();
                Path last = path.getFileName();
                if (directory != null && last != null) {
                    try (DirectoryStream<Path> stream =
                            Files.newDirectoryStream(directory, last.toString())) {
                        stream.forEach(file -> found.add(file.toString()));
                    }
                }
            } catch (IOException | InvalidPathException | PatternSyntaxException _) {
                // A directory that is not there has no files, and nothing matches what is no
                // pattern.
            }
            found.sort(null);
            return found;
        }

        @Override
        public String hashed(String password) {
            return Sha2Crypt.sha512Crypt(password.getBytes(StandardCharsets.UTF_8));
        }
    }
}

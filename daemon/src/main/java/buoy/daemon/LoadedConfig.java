package buoy.daemon;

import buoy.config.ConfigFile;
import buoy.config.Outline;
import buoy.config.Problem;
import buoy.config.Reading;
import buoy.config.model.Config;
import buoy.tls.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A configuration together with the files it names, all read and found good: what a start or a
 * reload applies. Reading blocks on the disk and changes nothing.
 *
 * @param hash the first 12 hexadecimal digits of the file's SHA-256, to tell two hosts' files apart
 * @param outline to tell what another changes
 * @param warnings what is doubtful
 */
record LoadedConfig(
        Path file,
        String hash,
        Instant loadedAt,
        Config config,
        Outline outline,
        LoadedTls tls,
        List<Problem> warnings) {
    LoadedConfig {
        warnings = List.copyOf(warnings);
    }

    /** What came of it. */
    sealed interface Outcome {
        record Good(LoadedConfig loaded) implements Outcome {}

        /** Every problem; never empty. */
        record Bad(List<Problem> problems) implements Outcome {
            public Bad {
                problems = List.copyOf(problems);
            }
        }
    }

    /** What a start reads. */
    static Outcome read(Path file, Instant now) {
        return read(file, now, ConfigFile.hostName());
    }

    /** The same as it is meant on the host of that name, with the files of this one. */
    static Outcome read(Path file, Instant now, String host) {
        return read(file, now, host, Optional.empty());
    }

    /**
     * What a reload reads.
     *
     * @param running goes on where files of certificates are broken that are not the
     *     configuration's own, and its clients resume
     */
    static Outcome read(Path file, Instant now, LoadedTls running) {
        return read(file, now, ConfigFile.hostName(), Optional.of(running));
    }

    private static Outcome read(Path file, Instant now, String host, Optional<LoadedTls> running) {
        // Hashed first: should the file change in between, the hash is the one that is out of date.
        String hash = hash(file);
        return switch (ConfigFile.read(file, host)) {
            case Reading.Rejected(var problems) -> new Outcome.Bad(problems);
            case Reading.Accepted good -> withTls(file, host, hash, now, good, running);
        };
    }

    private static Outcome withTls(
            Path file,
            String host,
            String hash,
            Instant now,
            Reading.Accepted good,
            Optional<LoadedTls> running) {
        LoadedTls.Read read = LoadedTls.read(good.config(), now, running);
        List<Problem> problems =
                read.problems().stream().map(each -> placed(file, host, each)).toList();
        Stream<Problem> doubts = read.warnings().stream().map(each -> placed(file, host, each));
        return problems.isEmpty()
                ? new Outcome.Good(
                        new LoadedConfig(
                                file,
                                hash,
                                now,
                                good.config(),
                                good.outline(),
                                read.tls(),
                                Stream.concat(good.warnings().stream(), doubts).toList()))
                : new Outcome.Bad(problems);
    }

    /** With the place where the file names the certificate. */
    private static Problem placed(Path file, String host, Finding finding) {
        return ConfigFile.problem(file, host, finding.path(), finding.message());
    }

    private static String hash(Path file) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest).substring(0, 12);
        } catch (IOException _) {
            return "unreadable"; // the reader is about to say why
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

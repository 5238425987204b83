package buoy.daemon;

import buoy.config.ConfigFile;
import buoy.config.Reading;
import buoy.config.model.Config;
import buoy.config.model.Listener;
import buoy.config.model.ListenerTls;
import buoy.tls.Finding;
import buoy.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration together with the files it names, all read and found good: what a start or a
 * reload applies. Reading blocks on the disk and changes nothing.
 *
 * @param hash the first 12 hexadecimal digits of the file's SHA-256, to tell two hosts' files apart
 * @param tls by listener
 * @param warnings one line each
 */
record LoadedConfig(
        Path file,
        String hash,
        Instant loadedAt,
        Config config,
        Map<String, ServerTls> tls,
        List<String> warnings) {
    LoadedConfig {
        tls = Collections.unmodifiableMap(new LinkedHashMap<>(tls));
        warnings = List.copyOf(warnings);
    }

    /** What came of it. */
    sealed interface Outcome {
        record Good(LoadedConfig loaded) implements Outcome {}

        /** Every problem, one line each; never empty. */
        record Bad(List<String> problems) implements Outcome {
            public Bad {
                problems = List.copyOf(problems);
            }
        }
    }

    static Outcome read(Path file, Instant now) {
        // Hashed first: should the file change in between, the hash is the one that is out of date.
        String hash = hash(file);
        return switch (ConfigFile.read(file)) {
            case Reading.Rejected(var problems) -> new Outcome.Bad(lines(problems));
            case Reading.Accepted(var config, var warnings) ->
                    withTls(file, hash, now, config, lines(warnings));
        };
    }

    private static Outcome withTls(
            Path file, String hash, Instant now, Config config, List<String> warnings) {
        Map<String, ServerTls> tls = new LinkedHashMap<>();
        // A certificate used by several listeners is complained about once.
        List<String> problems = new ArrayList<>();
        List<String> doubts = new ArrayList<>(warnings);
        for (Listener listener : config.listeners().values()) {
            Optional<ListenerTls> settings = settings(listener);
            if (settings.isEmpty()) {
                continue;
            }
            switch (ServerTls.load(settings.get(), config.certificates(), now)) {
                case ServerTls.Loading.Ready(var ready, var findings) -> {
                    tls.put(listener.name(), ready);
                    findings.forEach(each -> addOnce(doubts, line(file, each)));
                }
                case ServerTls.Loading.Refused(var findings) ->
                        findings.forEach(each -> addOnce(problems, line(file, each)));
            }
        }
        return problems.isEmpty()
                ? new Outcome.Good(new LoadedConfig(file, hash, now, config, tls, doubts))
                : new Outcome.Bad(problems);
    }

    private static Optional<ListenerTls> settings(Listener listener) {
        return switch (listener) {
            case Listener.Http http -> http.tls();
            case Listener.Tcp _, Listener.Postgres _ -> Optional.empty();
        };
    }

    /** In the form of every problem, with the place where the file names the certificate. */
    private static String line(Path file, Finding finding) {
        return ConfigFile.problem(file, finding.path(), finding.message()).toString();
    }

    private static void addOnce(List<String> lines, String line) {
        if (!lines.contains(line)) {
            lines.add(line);
        }
    }

    private static List<String> lines(List<?> problems) {
        return problems.stream().map(Object::toString).toList();
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

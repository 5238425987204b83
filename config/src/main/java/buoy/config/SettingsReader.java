package buoy.config;

import buoy.config.model.AccessLog;
import buoy.config.model.AdminSettings;
import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.LogSettings;
import buoy.config.model.ProcessSettings;
import buoy.config.model.StatsSettings;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code log}, {@code process}, {@code admin} and {@code stats}: what concerns the program. */
final class SettingsReader {
    static final Path ADMIN_SOCKET = Path.of("/run/buoy/admin.sock");

    /** As systemd has it for {@code StateDirectory=buoy}. */
    static final Path STATE_DIRECTORY = Path.of("/var/lib/buoy");

    private static final int MAX_CONNECTIONS = 10_000_000;

    /** The kernel's sun_path less its end. */
    private static final int MAX_SOCKET_PATH = 107;

    private SettingsReader() {}

    static LogSettings log(Section s) {
        LogSettings.Level level =
                s.get(
                        "level",
                        Words.of("trace", LogSettings.Level.TRACE)
                                .or("debug", LogSettings.Level.DEBUG)
                                .or("info", LogSettings.Level.INFO)
                                .or("warn", LogSettings.Level.WARN)
                                .or("error", LogSettings.Level.ERROR),
                        LogSettings.Level.INFO);
        LogSettings.Format format =
                s.get(
                        "format",
                        Words.of("text", LogSettings.Format.TEXT)
                                .or("json", LogSettings.Format.JSON),
                        LogSettings.Format.TEXT);
        AccessLog.Destination to =
                s.get("to", AccessLogReader.DESTINATION, new AccessLog.Destination.Stdout());
        return new LogSettings(level, format, to);
    }

    static ProcessSettings process(Section s) {
        OptionalInt workers =
                s.get("workers", orWord("auto", Numbers.between(1, 1024)), OptionalInt.empty());
        ProcessSettings.Transport transport =
                s.get(
                        "transport",
                        Words.of("auto", ProcessSettings.Transport.AUTO)
                                .or("epoll", ProcessSettings.Transport.EPOLL)
                                .or("nio", ProcessSettings.Transport.NIO)
                                .notAvailable("io_uring"),
                        ProcessSettings.Transport.AUTO);
        Duration drain = s.get("drain", Durations.ANY, Duration.ofSeconds(30));
        OptionalInt maxConnections = maxConnections(s);
        boolean realTime = s.get("real-time", Numbers.BOOL, true);
        Optional<String> user = s.optional("user", Names::user);
        Path state = s.get("state-directory", Names::path, STATE_DIRECTORY);
        List<Endpoint> nameServers =
                s.list("name-servers", Addresses::endpoint).stream()
                        .map(Section.Item::value)
                        .toList();
        return new ProcessSettings(
                user, workers, transport, drain, maxConnections, state, realTime, nameServers);
    }

    /** Also a key of listeners, with the same bounds. */
    static OptionalInt maxConnections(Section s) {
        return s.optional("max-connections", Numbers.between(1, MAX_CONNECTIONS))
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    static AdminSettings admin(Section s) {
        return new AdminSettings(s.get("socket", SettingsReader::socketPath, ADMIN_SOCKET));
    }

    private static Parsed<Path> socketPath(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH
                ? Parsed.wrong(
                        "must be at most %d bytes long, as the kernel wants it"
                                .formatted(MAX_SOCKET_PATH))
                : Names.path(text);
    }

    static StatsSettings stats(Section s, Claims<Location> binds) {
        Endpoint bind =
                s.get(
                        "bind",
                        Addresses::endpoint,
                        new Endpoint(InetAddress.getLoopbackAddress(), 8404));
        if (s.has("bind")) {
            binds.claim(bind, bind.toString(), s.place("bind"), s.path("bind"));
        } else {
            binds.claimUnwritten(bind, "stats.bind by default");
        }
        boolean anybody = !s.has("users") && !s.has("users-file");
        if (anybody && !bind.address().isLoopbackAddress()) {
            s.reject(
                    "bind",
                    "an address other than loopback needs users (add users: {NAME: HASH}, as"
                            + " htpasswd -nB NAME prints them)");
        }
        boolean actions = s.get("actions", Numbers.BOOL, false);
        if (actions && anybody) {
            s.reject(
                    "actions",
                    "true needs users: nobody acts without a login (add users: {NAME: HASH}, as"
                            + " htpasswd -nB NAME prints them)");
        } else if (actions && !bind.address().isLoopbackAddress()) {
            s.warn(
                    "actions",
                    "passwords that command this buoy cross the network in clear: %s is not loopback (bind to loopback, and reach it by ssh -L or through a listener with tls)"
                            .formatted(bind));
        }
        return new StatsSettings(bind, UsersReader.users(s), actions);
    }

    /** A number, or the word for none. */
    static Format<OptionalInt> orWord(String word, Format<Integer> number) {
        return Format.of(
                Shape.words(List.of(word), number.shape()),
                text -> {
                    if (text.equals(word)) {
                        return Parsed.ok(OptionalInt.empty());
                    }
                    return switch (number.parse(text)) {
                        case Parsed.Ok<Integer>(Integer n) -> Parsed.ok(OptionalInt.of(n));
                        case Parsed.Wrong<Integer>(String why) ->
                                Parsed.wrong(why + " (or " + word + ")");
                    };
                });
    }
}

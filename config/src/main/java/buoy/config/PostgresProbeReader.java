package buoy.config;

import buoy.config.model.Health;
import buoy.config.model.Secret;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** {@code pools.NAME.health.postgres}. */
final class PostgresProbeReader {
    private PostgresProbeReader() {}

    static Optional<Health.Probe> read(Section s) {
        Optional<Health.Role> role =
                s.required(
                        "role",
                        Words.of("primary", Health.Role.PRIMARY)
                                .or("replica", Health.Role.REPLICA));
        Optional<String> user = s.required("user", RouteReader::identifier);
        Secret password = password(s);
        String database = s.get("database", RouteReader::identifier, "postgres");
        OptionalInt port =
                s.optional("port", Numbers.between(1, 65535))
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty());
        OptionalLong maxLag = HealthReader.maxLag(s);
        if (s.has("max-lag") && role.filter(r -> r != Health.Role.REPLICA).isPresent()) {
            s.reject("max-lag", "is for the role replica (remove it)");
        }
        return role.flatMap(
                r ->
                        user.map(
                                u ->
                                        new Health.Probe.Postgres(
                                                r, u, password, database, port, maxLag)));
    }

    private static Secret password(Section s) {
        if (s.has("password") && s.has("password-file")) {
            s.reject("password-file", "cannot stand beside password (remove either)");
        }
        Optional<Secret> written = s.secret("password", PostgresProbeReader::secret);
        Optional<Secret> inFile =
                s.file(
                        "password-file",
                        text ->
                                Names.secretFile(text)
                                        .then(Disk::firstLine)
                                        .then(PostgresProbeReader::secret));
        return written.or(() -> inFile).orElse(Secret.NONE);
    }

    private static Parsed<Secret> secret(String text) {
        return text.isEmpty() || text.indexOf('\0') >= 0
                ? Parsed.wrong("must be a password, and is empty or has a zero byte in it")
                : Parsed.ok(new Secret(text));
    }
}

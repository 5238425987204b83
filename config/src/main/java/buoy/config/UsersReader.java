package buoy.config;

import buoy.config.model.BasicAuth;
import buoy.config.model.BasicAuth.Users;
import buoy.config.model.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who may log in, as {@code htpasswd} writes it. Nothing said here quotes a hash. */
final class UsersReader {
    private static final int MOST_BYTES = 1 << 20;
    private static final int LONGEST_NAME = 255;

    /** As some programs mark them. */
    private static final String MARK = "{bcrypt}";

    /** Above it, one log-in takes a core for more than a second. */
    private static final int MOST_COST = 14;

    private static final Pattern BCRYPT =
            Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53}");

    /** SHA-crypt of 256 and 512 bits, with at most 999,999 rounds, and Apache's own MD5. */
    private static final Pattern OTHERS =
            Pattern.compile(
                    "\\$5\\$(rounds=[0-9]{4,6}\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]{43}"
                            + "|\\$6\\$(rounds=[0-9]{4,6}\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]{86}"
                            + "|\\$apr1\\$[./A-Za-z0-9]{1,8}\\$[./A-Za-z0-9]{22}");

    private UsersReader() {}

    /** {@code basic-auth} of a route. */
    static Optional<BasicAuth> basicAuth(Section s) {
        Optional<Users> users = s.requiredFile("users-file", UsersReader::file);
        String realm = s.get("realm", UsersReader::realm, "restricted");
        return users.map(each -> new BasicAuth(realm, each));
    }

    /** {@code users}, or its twin {@code users-file}; empty where neither is. */
    static Optional<Users> users(Section s) {
        var _ = s.atMostOne(List.of("users", "users-file"));
        Optional<Users> inFile = s.file("users-file", UsersReader::file);
        if (!s.has("users")) {
            return inFile;
        }
        Map<String, Secret> hashes =
                s.each(
                        "users",
                        UsersReader::name,
                        (name, parent) -> parent.secret(name, UsersReader::hash));
        if (s.isMapping("users") && s.namesIn("users").isEmpty()) {
            s.reject("users", "must have at least one user (remove the key, or add NAME: HASH)");
        }
        return Optional.of(new Users(hashes));
    }

    private static Parsed<String> realm(String text) {
        return Pattern.matches("[ -~&&[^\"\\\\]]{1,100}", text)
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "must be 1..100 printable ASCII characters without quotes and backslashes,"
                                + " got "
                                + Text.quoted(text));
    }

    private static Parsed<Users> file(String text) {
        return Names.secretFile(text)
                .then(file -> Disk.text(file, MOST_BYTES).then(lines -> users(file, lines)));
    }

    private static Parsed<Users> users(Path file, String lines) {
        Map<String, Secret> hashes = new LinkedHashMap<>();
        int number = 0;
        for (String line : lines.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(0, colon));
            Parsed<Secret> hash = name(name).then(_ -> hash(line.substring(colon + 1).strip()));
            switch (hash) {
                case Parsed.Ok<Secret>(Secret right) -> {
                    if (hashes.put(name, right) != null) {
                        return wrong(file, number, Text.quoted(name) + " is there twice");
                    }
                }
                case Parsed.Wrong<Secret>(String why) -> {
                    return wrong(file, number, why);
                }
            }
        }
        return hashes.isEmpty()
                ? Parsed.wrong(
                        "%s has no users (add one: htpasswd -B FILE NAME)"
                                .formatted(Text.quoted(file.toString())))
                : Parsed.ok(new Users(hashes));
    }

    private static Parsed<Users> wrong(Path file, int line, String why) {
        return Parsed.wrong("%s line %d: %s".formatted(Text.quoted(file.toString()), line, why));
    }

    static Parsed<String> name(String text) {
        return text.isEmpty()
                        || text.indexOf(':') >= 0
                        || text.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME
                        || text.chars().anyMatch(Character::isISOControl)
                ? Parsed.wrong(
                        "must be NAME:HASH, where a name has 1..%d bytes and no colon"
                                .formatted(LONGEST_NAME))
                : Parsed.ok(text);
    }

    /** Of a password; {@code {bcrypt}} may stand before it. */
    static Parsed<Secret> hash(String text) {
        String hash = text.startsWith(MARK) ? text.substring(MARK.length()) : text;
        Matcher bcrypt = BCRYPT.matcher(hash);
        if (bcrypt.matches()) {
            int cost = Integer.parseInt(bcrypt.group(1));
            return cost < 4 || cost > MOST_COST
                    ? Parsed.wrong(
                            "has bcrypt's cost at %d, where 4..%d is taken (hash it anew: htpasswd -B -C 10)"
                                    .formatted(cost, MOST_COST))
                    : Parsed.ok(new Secret(hash));
        }
        return OTHERS.matcher(hash).matches()
                ? Parsed.ok(new Secret(hash))
                : Parsed.wrong(
                        "has no hash that is taken: bcrypt, SHA-crypt ($5$, $6$) or $apr1$; a"
                                + " password in clear is not (hash it: htpasswd -B)");
    }
}

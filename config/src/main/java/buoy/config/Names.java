package buoy.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Names that operators give to things, and paths of files. */
final class Names {
    private static final int MAX_LENGTH = 64;
    private static final int MAX_PATH = 4096;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern SERVER_NAME =
            Pattern.compile("[A-Za-z0-9\\[][A-Za-z0-9._:\\[\\]-]*");

    private Names() {}

    /** Of a router, certificate, listener or pool: it stands in commands, metrics and logs. */
    static Parsed<String> name(String text) {
        return matches(text, NAME)
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "%s is not a name (1..%d of letters, digits, '.', '_' and '-')"
                                .formatted(Text.quoted(text), MAX_LENGTH));
    }

    /** Of a server: also its address, as in a list of addresses. */
    static Parsed<String> serverName(String text) {
        return matches(text, SERVER_NAME)
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "%s is not a name (1..%d of letters, digits, '.', '_', '-' and ':')"
                                .formatted(Text.quoted(text), MAX_LENGTH));
    }

    private static boolean matches(String text, Pattern pattern) {
        return text.length() <= MAX_LENGTH && pattern.matcher(text).matches();
    }

    /**
     * Absolute, so that it means the same wherever a command is run. Not looked at: whether the
     * file is there is for its user to say.
     */
    static Parsed<Path> path(String text) {
        if (!text.startsWith("/") || text.length() > MAX_PATH) {
            return Parsed.wrong("must be an absolute path, got " + Text.quoted(text));
        }
        try {
            return Parsed.ok(Path.of(text));
        } catch (InvalidPathException e) {
            return Parsed.wrong("must be an absolute path: " + e.getReason());
        }
    }

    /** IFNAMSIZ is 16 with the end, and sysfs wants neither slash nor white space. */
    static Parsed<String> interfaceName(String text) {
        return Pattern.matches("[!-~&&[^/:]]{1,15}", text)
                        && !text.equals(".")
                        && !text.equals("..")
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "must be the name of a network interface (1..15 characters), got "
                                + Text.quoted(text));
    }

    /** Of an account of this host, as in /etc/passwd. */
    static Parsed<String> user(String text) {
        return Pattern.matches("[A-Za-z_][A-Za-z0-9_.-]{0,30}[A-Za-z0-9_.$-]?", text)
                ? Parsed.ok(text)
                : Parsed.wrong("must be the name of a user, got " + Text.quoted(text));
    }
}

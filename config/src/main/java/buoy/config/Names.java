package buoy.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Names that operators give to things, and paths of files. */
final class Names {
    private static final int MAX_LENGTH = 64;
    private static final int MAX_PATH = 4096;

    private Names() {}

    /** Of a router, certificate, listener or pool: it stands in commands, metrics and logs. */
    static Parsed<String> name(String text) {
        return isName(text, "", "._-")
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "%s is not a name (1..%d of letters, digits, '.', '_' and '-')"
                                .formatted(Text.quoted(text), MAX_LENGTH));
    }

    /** Of a server: also its address, as in a list of addresses. */
    static Parsed<String> serverName(String text) {
        return isName(text, "[", "._-:[]")
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "%s is not a name (1..%d of letters, digits, '.', '_', '-' and ':')"
                                .formatted(Text.quoted(text), MAX_LENGTH));
    }

    /**
     * Without a pattern: a pool may have ten thousand servers.
     *
     * @param first what it may begin with beside letters and digits
     * @param later what may stand behind that
     */
    private static boolean isName(String text, String first, String later) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Ascii.isLetterOrDigit(c) && (i == 0 ? first : later).indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAX_LENGTH;
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

    /**
     * The same of a file that holds a secret. What is no such path is not repeated: it may be the
     * secret, where its file belongs.
     */
    static Parsed<Path> secretFile(String text) {
        return text.startsWith("/")
                ? path(text)
                : Parsed.wrong(
                        "must be an absolute path (what stands here is not shown, as it may be the"
                                + " secret: write that to a file, and the file's path here)");
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

package buoy.daemon.imports.keepalived;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program with its arguments, as one text of keepalived's: spaces part them, but not within
 * quotes. What only a shell understands goes to one.
 *
 * @param text what keepalived's file says
 */
record CommandText(String text) {
    private static final Pattern FOR_A_SHELL = Pattern.compile("[|&;<>`]|\\$\\(");

    private static final Pattern SIGNAL_0 =
            Pattern.compile(
                    "(?:sudo )?(?:\\S*/)?(?:killall5?|pkill) (?:-\\S+ )*-0 (?:-\\S+ )*(\\S+)");

    private static final Pattern LOOKED_UP =
            Pattern.compile("(?:sudo )?(?:\\S*/)?(?:pidof|pgrep) (?:-[a-zA-Z-]+ )*(\\S+)");

    private static final Pattern UNIT =
            Pattern.compile(
                    "(?:sudo )?(?:\\S*/)?systemctl (?:-\\S+ )*(?:is-active|status) (?:-\\S+ )*(\\S+?)(?:\\.service)?");

    private static final Pattern PID_FILE =
            Pattern.compile(".*\\bkill -0 .*/([A-Za-z0-9_.-]+)\\.pid\\b.*");

    private static final Pattern PROBE =
            Pattern.compile(
                    "(?:\\S*/)?(?:curl|wget|nc|ncat|netcat)\\b.*?\\b(?:https?://)?(?:localhost|127\\.0\\.0\\.1|\\[::1]|::1)(?:[: ]([0-9]{1,5}))?.*");

    /** As Buoy runs it: a path, or what finds a name in PATH. */
    List<String> argv() {
        List<String> words = words();
        if (FOR_A_SHELL.matcher(text).find()) {
            return List.of("/bin/sh", "-c", text);
        }
        return words.isEmpty() || words.getFirst().startsWith("/")
                ? words
                : Stream.concat(Stream.of("/usr/bin/env"), words.stream()).toList();
    }

    boolean needsShell() {
        return FOR_A_SHELL.matcher(text).find();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0 ? c == quote : c == '\'' || c == '"') {
                quote = quote == 0 ? c : 0;
                inWord = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** The program whose life it looks at, if that is all that it does. */
    Optional<String> watchedProgram() {
        String bare =
                text.strip()
                        .replaceAll("\\s+", " ")
                        .replaceAll("( ?[0-9]?>+ ?(/dev/null|&1)| ?&>+ ?/dev/null)+", "")
                        .replaceAll(" ?\\|\\| ?(exit [0-9]+|false)$", "")
                        .strip();
        for (Pattern pattern : List.of(SIGNAL_0, LOOKED_UP, UNIT, PID_FILE)) {
            Matcher matcher = pattern.matcher(bare);
            if (matcher.matches()) {
                return Optional.of(matcher.group(1))
                        .filter(name -> Pattern.matches("[A-Za-z0-9_.@+-]{1,64}", name))
                        .filter(name -> pattern != UNIT || isBalancer(name));
            }
        }
        return Optional.empty();
    }

    /** A unit may be more than a process of its name. */
    static boolean isBalancer(String program) {
        return program.equals("haproxy") || program.equals("nginx");
    }

    /** The port of this host that it asks, if it asks one: 80 and 443 need not be written. */
    Optional<Integer> probedPort() {
        Matcher probe = PROBE.matcher(text.replaceAll("\\s+", " "));
        if (!probe.matches()) {
            return Optional.empty();
        }
        String port = probe.group(1);
        return Optional.of(
                port != null ? Integer.parseInt(port) : text.contains("https://") ? 443 : 80);
    }

    /** The program and its arguments as words of a shell. */
    String quoted() {
        return argv().stream().map(CommandText::quoted).collect(Collectors.joining(" "));
    }

    static String quoted(String word) {
        return Pattern.matches("[A-Za-z0-9_./:=@%+,-]+", word)
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }
}

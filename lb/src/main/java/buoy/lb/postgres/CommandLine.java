package buoy.lb.postgres;

import buoy.lb.postgres.StartupParameters.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the start-up parameter {@code options} says: switches of the server's command line, of which
 * {@code -c NAME=VALUE} and {@code --NAME=VALUE} set a parameter (PostgreSQL documentation,
 * "postgres", "Options"; {@code pg_split_opts} and {@code process_postgres_switches} in its
 * source). A line that the server refuses says what it says up to there.
 */
final class CommandLine {
    /** Other switches that are followed by an argument, in their own word or the next. */
    private static final String WITH_ARGUMENT = "BCDdfhkNprStvW";

    private static final String ALONE = "beEFijlnOPsT";

    private CommandLine() {}

    /**
     * In the order given; names in lower case, a hyphen in them as the underscore it stands for.
     */
    static List<Parameter> parameters(String options) {
        List<Parameter> set = new ArrayList<>();
        List<String> words = words(options);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-") || word.equals("-") || word.equals("--")) {
                return set;
            }
            int at = 1;
            while (at < word.length() && ALONE.indexOf(word.charAt(at)) >= 0) {
                at++;
            }
            if (at == word.length()) {
                continue;
            }
            char option = word.charAt(at);
            String argument = word.substring(at + 1);
            if (argument.isEmpty() && ++i < words.size()) {
                argument = words.get(i);
            }
            if (option == 'c' || option == '-') {
                int equals = argument.indexOf('=');
                if (equals <= 0) {
                    return set;
                }
                set.add(
                        new Parameter(
                                name(argument.substring(0, equals)),
                                argument.substring(equals + 1)));
            } else if (WITH_ARGUMENT.indexOf(option) < 0) {
                return set;
            }
        }
        return set;
    }

    private static String name(String written) {
        return written.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /** Divided by space; a backslash takes the next character as it is. */
    private static List<String> words(String options) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean within = false;
        boolean escaped = false;
        for (int i = 0; i < options.length(); i++) {
            char each = options.charAt(i);
            if (!escaped && isSpace(each)) {
                if (within) {
                    words.add(word.toString());
                    word.setLength(0);
                    within = false;
                }
                continue;
            }
            within = true;
            if (!escaped && each == '\\') {
                escaped = true;
            } else {
                escaped = false;
                word.append(each);
            }
        }
        if (within) {
            words.add(word.toString());
        }
        return words;
    }

    private static boolean isSpace(char each) {
        return each == ' ' || (each >= '\t' && each <= '\r');
    }
}

package buoy.lb.health;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an agent says of its server, as HAProxy's {@code agent-check} has it (configuration manual):
 * words in any order, and a description behind a {@code #}. Each line stands for itself: what an
 * earlier one said does not hold any more.
 */
final class AgentLine {
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,4})%");
    private static final int MOST_PERCENT = 1000;

    private AgentLine() {}

    static Outcome read(String line) {
        int hash = line.indexOf('#');
        String words = (hash < 0 ? line : line.substring(0, hash)).strip();
        String why = "agent: " + line.strip();
        int percent = 100;
        boolean known = false;
        boolean drains = false;
        boolean out = false;
        for (String word : words.toLowerCase(Locale.ROOT).split("[\\s,]+", -1)) {
            Matcher share = PERCENT.matcher(word);
            if (share.matches() && Integer.parseInt(share.group(1)) <= MOST_PERCENT) {
                percent = Integer.parseInt(share.group(1));
                known = true;
                continue;
            }
            switch (word) {
                case "up", "ready" -> known = true;
                case "drain" -> {
                    drains = true;
                    known = true;
                }
                case "down", "failed", "stopped", "maint" -> {
                    out = true;
                    known = true;
                }
                default -> {
                    // Such as maxconn:30, which is not for us.
                }
            }
        }
        if (!known) {
            return new Outcome.Failed(
                    words.isEmpty() ? "the agent says nothing" : "not an agent's word: " + why);
        }
        return out
                ? new Outcome.Clear(Outcome.Fit.NO, why, Optional.empty())
                : new Outcome.Granted(drains ? 0 : percent, why);
    }
}

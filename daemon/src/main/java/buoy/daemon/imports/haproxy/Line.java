package buoy.daemon.imports.haproxy;

import buoy.daemon.imports.draft.Mark;
import java.util.List;

/**
 * One line: a keyword and what follows it.
 *
 * @param words never empty; without quotes and escapes
 */
record Line(Mark at, List<String> words) {
    Line {
        words = List.copyOf(words);
    }

    String keyword() {
        return words.getFirst();
    }

    /** The word at that place behind the keyword's, or nothing. */
    String word(int index) {
        return index < words.size() ? words.get(index) : "";
    }

    List<String> from(int index) {
        return words.subList(Math.min(index, words.size()), words.size());
    }

    String text() {
        return String.join(" ", words);
    }

    /** Whether it begins with these words. */
    boolean is(String... beginning) {
        if (words.size() < beginning.length) {
            return false;
        }
        for (int i = 0; i < beginning.length; i++) {
            if (!words.get(i).equals(beginning[i])) {
                return false;
            }
        }
        return true;
    }
}

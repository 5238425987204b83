package buoy.daemon.imports.keepalived;

import buoy.daemon.imports.draft.Mark;
import java.util.List;
import java.util.Optional;

/**
 * A keyword with what follows it.
 *
 * @param words never empty; without quotes
 * @param block what stands in braces behind it; empty where there are none
 */
record Statement(Mark at, List<String> words, List<Statement> block) {
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

    /** The words, keyword and all. */
    String text() {
        return String.join(" ", words);
    }

    /** The last in the block that has this keyword: it counts. */
    Optional<Statement> last(String keyword) {
        return last(block, keyword);
    }

    static Optional<Statement> last(List<Statement> statements, String keyword) {
        return statements.reversed().stream()
                .filter(statement -> statement.keyword().equals(keyword))
                .findFirst();
    }

    /** Where that keyword stands in the block, or the block itself. */
    Mark mark(String keyword) {
        return last(keyword).map(Statement::at).orElse(at);
    }

    /** All in the block that have this keyword. */
    List<Statement> all(String keyword) {
        return block.stream().filter(statement -> statement.keyword().equals(keyword)).toList();
    }

    /** Lines of all blocks with this keyword: lists may be written in parts. */
    List<Statement> items(String keyword) {
        return all(keyword).stream().flatMap(each -> each.block().stream()).toList();
    }

    /** Whether a switch is on: it stands alone, or says so. Empty where it does not stand. */
    Optional<Boolean> on(String keyword) {
        return last(keyword).map(each -> !List.of("off", "false", "no").contains(each.word(1)));
    }
}

package buoy.daemon.imports.haproxy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Words behind {@code bind} and {@code server}: some stand for themselves, others have a value
 * behind them.
 *
 * @param values by word; empty for words that stand for themselves. Of repeated ones the last
 * @param all every value of each word, in order
 * @param unknown words that are none of these
 */
record Options(Map<String, String> values, Map<String, List<String>> all, List<String> unknown) {
    static final Options NONE = new Options(Map.of(), Map.of(), List.of());

    /**
     * @param before what holds where these say nothing
     * @param alone words that stand for themselves
     * @param valued words with a value behind them
     */
    static Options read(Options before, List<String> words, Set<String> alone, Set<String> valued) {
        Map<String, String> values = new LinkedHashMap<>(before.values);
        Map<String, List<String>> all = new LinkedHashMap<>(before.all);
        List<String> unknown = new ArrayList<>();
        Set<String> own = new java.util.HashSet<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (alone.contains(word)) {
                if (word.startsWith("no-") && values.containsKey(word.substring(3))) {
                    values.remove(word.substring(3));
                } else {
                    values.put(word, "");
                }
            } else if (valued.contains(word)) {
                String value = i + 1 < words.size() ? words.get(++i) : "";
                values.put(word, value);
                List<String> list =
                        own.add(word)
                                ? new ArrayList<>()
                                : new ArrayList<>(all.getOrDefault(word, List.of()));
                list.add(value);
                all.put(word, list);
            } else {
                unknown.add(word);
            }
        }
        return new Options(values, all, unknown);
    }

    boolean has(String word) {
        return values.containsKey(word);
    }

    Optional<String> get(String word) {
        return Optional.ofNullable(values.get(word));
    }

    List<String> each(String word) {
        return all.getOrDefault(word, List.of());
    }
}

package buoy.daemon.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A list, as far as there is room for it: what matters most is shown, but where it stands in the
 * list, so that nothing moves under the hand of who clicks on it.
 *
 * @param shown each as markup
 * @param rest those that there is no room for
 */
record Fold<T>(List<String> shown, List<T> rest) {
    private static final String STATUS = "/api/v1/status";
    static final String HISTORY = "/api/v1/history";

    /**
     * Shows as many as there is room for.
     *
     * @param most of them
     * @param room in characters of markup
     * @param rank the lower, the sooner it is shown; of equals the first
     * @param write one of them
     */
    static <T> Fold<T> of(
            List<T> all,
            int most,
            int room,
            ToLongFunction<? super T> rank,
            BiConsumer<? super T, Html> write) {
        List<Integer> order =
                IntStream.range(0, all.size())
                        .boxed()
                        .sorted(Comparator.comparingLong(i -> rank.applyAsLong(all.get(i))))
                        .limit(most)
                        .toList();
        String[] markup = new String[all.size()];
        Arrays.fill(markup, "");
        int left = room;
        for (int i : order) {
            Html out = new Html();
            write.accept(all.get(i), out);
            String one = out.toString();
            left -= one.length();
            if (left < 0) {
                break;
            }
            markup[i] = one;
        }
        List<T> rest = new ArrayList<>();
        for (int i = 0; i < markup.length; i++) {
            if (markup[i].isEmpty()) {
                rest.add(all.get(i));
            }
        }
        List<String> shown = new ArrayList<>(Arrays.asList(markup));
        shown.removeAll(Collections.singleton(""));
        return new Fold<>(shown, rest);
    }

    /** The same where the first ones matter most. */
    static <T> Fold<T> of(List<T> all, int room, BiConsumer<? super T, Html> write) {
        return of(all, all.size(), room, _ -> 0, write);
    }

    /** Writes what is shown. */
    void write(Html out) {
        shown.forEach(out::raw);
    }

    /** How many of the rest are what: {@code 9,900 up, 50 down}; the most frequent first. */
    String count(Function<? super T, String> what) {
        Map<String, Long> counts =
                rest.stream()
                        .collect(Collectors.groupingBy(what, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(each -> number(each.getValue()) + " " + each.getKey())
                .collect(Collectors.joining(", "));
    }

    /** The sum over the rest. */
    long sum(ToLongFunction<? super T> number) {
        return rest.stream().mapToLong(number).sum();
    }

    /**
     * Says how many there are beside what is shown, if any, and where all are.
     *
     * @param what more there is to say of them
     */
    void rest(String what, Html out) {
        rest(what, STATUS, out);
    }

    /** The same where something else than the status has all. */
    void rest(String what, String path, Html out) {
        if (!rest.isEmpty()) {
            out.raw("<p class=\"rest soft\">and ").text(number(rest.size())).raw(" more: ");
            out.text(what).raw(" (<a href=\"" + path + "\">all as JSON</a>)</p>\n");
        }
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}

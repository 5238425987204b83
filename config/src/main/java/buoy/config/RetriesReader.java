package buoy.config;

import buoy.config.model.Pool;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code pools.NAME.retries}. */
final class RetriesReader {
    private static final Set<String> IDEMPOTENT =
            Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"); // RFC 9110 9.2.2

    private static final String CONNECT = "connect";
    private static final String RESET = "reset-before-response";

    private static final Format<String> WHEN =
            Format.of(
                    Shape.words(List.of(CONNECT, RESET), new Shape.Whole(400, 599)),
                    RetriesReader::when);

    private RetriesReader() {}

    static Pool.Retries read(Section s) {
        int count = s.get("count", Numbers.between(0, 10), 2);
        Set<String> methods = new LinkedHashSet<>(List.of("GET", "HEAD", "OPTIONS"));
        if (s.has("methods")) {
            methods.clear();
            for (Section.Item<String> item : s.list("methods", PoolReader::method)) {
                methods.add(item.value());
                if (!IDEMPOTENT.contains(item.value())) {
                    s.problems()
                            .warn(
                                    item.place(),
                                    item.path(),
                                    item.value()
                                            + " is not idempotent: repeating it may do its work"
                                            + " twice (RFC 9110 9.2.2)");
                }
            }
        }
        Pool.When when = Pool.When.CONNECT;
        if (s.has("when")) {
            List<String> words =
                    s.requiredList("when", WHEN).stream().map(Section.Item::value).toList();
            Set<Integer> statuses = new LinkedHashSet<>();
            words.stream()
                    .filter(word -> !word.equals(CONNECT) && !word.equals(RESET))
                    .forEach(word -> statuses.add(Integer.parseInt(word)));
            when = new Pool.When(words.contains(CONNECT), words.contains(RESET), statuses);
        }
        int budget = s.get("budget", Numbers.PERCENT, 20);
        return new Pool.Retries(count, when, methods, budget);
    }

    private static Parsed<String> when(String text) {
        return text.equals(CONNECT) || text.equals(RESET) || Pattern.matches("[45][0-9][0-9]", text)
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "must be connect, reset-before-response or a status such as 503, got "
                                + Text.quoted(text)
                                + Text.didYouMean(text, List.of(CONNECT, RESET)));
    }
}

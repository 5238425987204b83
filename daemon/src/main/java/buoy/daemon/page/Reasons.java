package buoy.daemon.page;

import buoy.daemon.status.Words;
import buoy.lb.pool.Reason;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/** Failures by reason, the most frequent first. */
final class Reasons {
    private Reasons() {}

    static String of(Map<Reason, Long> failures) {
        return failures.entrySet().stream()
                .sorted(
                        Map.Entry.<Reason, Long>comparingByValue(Comparator.reverseOrder())
                                .thenComparing(Map.Entry.comparingByKey()))
                .map(each -> each.getKey() + " " + Words.count(each.getValue()))
                .collect(Collectors.joining(", "));
    }
}

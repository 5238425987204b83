package buoy.lb.resolve;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one name: (known, answer) in, (known, news, pause) out.
 *
 * <p>A name is one server, at one address: the first of an answer, and then the same for as long as
 * it is among the answers, since the order of records says nothing and changes each time. An
 * address is kept when look-ups fail, however long: the name server is in trouble, not the server.
 *
 * @param address believed now
 * @param trouble why the last look-up failed, if it did
 * @param failures in a row
 */
public record Known(Optional<InetAddress> address, Optional<String> trouble, int failures) {
    /** Before the first answer. */
    static final Known NOTHING = new Known(Optional.empty(), Optional.empty(), 0);

    /** However short a record's time to live, name servers are not asked more often. */
    static final Duration SHORTEST = Duration.ofSeconds(1);

    /** However long it is, a change is noticed as soon. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    /** From one failure to the next try: doubled from {@link #SHORTEST} up to this. */
    static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    /**
     * What an answer leads to.
     *
     * @param pause until the next look-up
     */
    record Step(Known next, Optional<News> news, Duration pause) {}

    Step after(Answer answer) {
        return switch (answer) {
            case Answer.Failed(String why) -> failed(why);
            case Answer.Found found
                    when address.filter(known -> !found.addresses().contains(known)).isPresent()
                            && !found.whole() ->
                    // The family of the address that is believed may be the one that is missing.
                    failed("half an answer: one of A and AAAA was not answered");
            case Answer.Found found -> found(found);
        };
    }

    private Step failed(String why) {
        Known next = new Known(address, Optional.of(why), failures + 1);
        Optional<News> news =
                failures == 0
                        ? Optional.of(new News.Failing(why))
                        : next.trouble().equals(trouble)
                                ? Optional.empty()
                                : Optional.of(new News.StillFailing(why));
        Duration doubled = SHORTEST.multipliedBy(1L << Math.min(failures, 10));
        return new Step(next, news, Collections.min(List.of(doubled, LONGEST_RETRY)));
    }

    private Step found(Answer.Found found) {
        InetAddress now =
                address.filter(found.addresses()::contains)
                        .orElseGet(() -> found.addresses().getFirst());
        Optional<News> news = Optional.empty();
        if (address.filter(now::equals).isEmpty()) {
            news = Optional.of(new News.Moved(address, now));
        } else if (failures > 0) {
            news = Optional.of(new News.Confirmed());
        }
        Duration ttl = Collections.max(List.of(found.ttl(), SHORTEST));
        return new Step(
                new Known(Optional.of(now), Optional.empty(), 0),
                news,
                Collections.min(List.of(ttl, LONGEST)));
    }
}

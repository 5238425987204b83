package buoy.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host that never stops talking to an address, and writes down what it learns of it. */
final class Neighbour {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN = Duration.ofMillis(20);
    private static final Pattern ANSWER = Pattern.compile("^\\[(\\d+)\\.(\\d{6})] \\d+ bytes from");
    private static final Pattern LEARNT = Pattern.compile("lladdr (\\S+)");

    private final Host host;
    private final List<String> addresses;
    private final Running table;
    private final List<Running> pings = new ArrayList<>();

    Neighbour(Host host, List<String> addresses) {
        this.host = host;
        this.addresses = addresses;
        this.table = host.start("neighbours", "ip", "-ts", "monitor", "neigh");
        for (String address : addresses) {
            // Or it would keep its answers to itself until they fill a page.
            pings.add(
                    host.start(
                            "ping",
                            "stdbuf",
                            "-oL",
                            "ping",
                            "-n",
                            "-D",
                            "-i",
                            Double.toString(BETWEEN.toMillis() / 1000.0),
                            address));
        }
        awaitAnswers();
    }

    /** Waits until each address has answered a question of now. */
    void awaitAnswers() {
        Instant now = Instant.now();
        Await.until(
                PATIENCE,
                "answers from " + addresses,
                () -> pings.stream().allMatch(ping -> answers(ping).getLast().isAfter(now)));
    }

    /** The longest time without an answer that ended after this. */
    Duration longestSilenceSince(Instant from) {
        Duration longest = Duration.ZERO;
        for (Running ping : pings) {
            List<Instant> answers = answers(ping);
            for (int i = 1; i < answers.size(); i++) {
                Duration silence = Duration.between(answers.get(i - 1), answers.get(i));
                if (answers.get(i).isAfter(from) && silence.compareTo(longest) > 0) {
                    longest = silence;
                }
            }
        }
        return longest;
    }

    private static List<Instant> answers(Running ping) {
        List<Instant> answers = new ArrayList<>(List.of(Instant.EPOCH));
        ping.output()
                .lines()
                .map(ANSWER::matcher)
                .filter(Matcher::find)
                .forEach(
                        found ->
                                answers.add(
                                        Instant.ofEpochSecond(
                                                Long.parseLong(found.group(1)),
                                                Long.parseLong(found.group(2)) * 1000)));
        return answers.size() == 1 ? answers : answers.subList(1, answers.size());
    }

    /** Every MAC address it had for one of the addresses, or what it had instead of one. */
    Set<String> learnt() {
        Set<String> learnt = new TreeSet<>();
        String everything = table.output() + host.run("ip", "neigh", "show").orFail() + "\n";
        for (String line : everything.lines().toList()) {
            if (addresses.stream().anyMatch(a -> (" " + line).contains(" " + a + " "))) {
                Matcher mac = LEARNT.matcher(line);
                learnt.add(mac.find() ? mac.group(1) : line);
            }
        }
        return learnt;
    }
}

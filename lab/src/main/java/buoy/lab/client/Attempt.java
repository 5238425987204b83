package buoy.lab.client;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * One thing a client tried: a request, an echo, a commit.
 *
 * @param role who tried
 * @param outcome {@code ok}, or a word for what went wrong
 * @param detail who answered, or what else is known; may be empty
 */
public record Attempt(String role, Instant start, Instant end, String outcome, String detail) {
    static final String OK = "ok";

    public boolean succeeded() {
        return outcome.equals(OK);
    }

    String line() {
        return String.join(
                "\t",
                role,
                Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, start)),
                Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, end)),
                outcome,
                detail.replaceAll("\\s+", " "));
    }

    /** The attempt a line tells of; empty for any other line. */
    public static Optional<Attempt> parse(String line) {
        List<String> fields = List.of(line.split("\t", -1));
        if (fields.size() != 5) {
            return Optional.empty();
        }
        return Optional.of(
                new Attempt(
                        fields.get(0),
                        micros(fields.get(1)),
                        micros(fields.get(2)),
                        fields.get(3),
                        fields.get(4)));
    }

    private static Instant micros(String text) {
        return Instant.EPOCH.plus(Long.parseLong(text), ChronoUnit.MICROS);
    }
}

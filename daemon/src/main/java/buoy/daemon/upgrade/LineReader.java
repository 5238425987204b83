package buoy.daemon.upgrade;

import buoy.config.model.Prefix;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Ticks;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads what {@link Lines} has written. What cannot be read is an {@link IllegalArgumentException},
 * an {@link IndexOutOfBoundsException} or a {@link java.time.DateTimeException}.
 */
final class LineReader {
    private final List<String> lines;
    private int at;

    LineReader(String text) {
        this.lines = text.lines().toList();
    }

    /** What reads a whole text. */
    @FunctionalInterface
    interface Reading<T> {
        T read(LineReader in) throws UpgradeFailed;
    }

    /** Reads all of it. */
    static <T> T all(String text, Reading<T> reading) throws UpgradeFailed {
        LineReader in = new LineReader(text);
        try {
            T all = reading.read(in);
            if (in.hasMore()) {
                throw new UpgradeFailed("it left what is not known: " + in.next());
            }
            return all;
        } catch (IllegalArgumentException
                | IndexOutOfBoundsException
                | java.time.DateTimeException e) {
            throw new UpgradeFailed("it left what cannot be read: " + e.getMessage());
        }
    }

    private boolean hasMore() {
        return at < lines.size();
    }

    /** Whether the next line begins with this word. */
    boolean isAt(String word) {
        return hasMore()
                && lines.get(at).startsWith(word)
                && lines.get(at).split("\t", 2)[0].equals(word);
    }

    Line next() {
        return new Line(List.of(lines.get(at++).split("\t", -1)));
    }

    record Line(List<String> words) {
        String word(int index) {
            return words.get(index);
        }

        Optional<String> optional(int index) {
            return Optional.of(word(index)).filter(word -> !word.equals(Lines.NONE));
        }

        int number(int index) {
            return Integer.parseInt(word(index));
        }

        long longNumber(int index) {
            return Long.parseLong(word(index));
        }

        Ticks ticks(int index) {
            return new Ticks(longNumber(index));
        }

        Duration duration(int index) {
            return Duration.ofNanos(longNumber(index));
        }

        Instant instant(int index) {
            return Instant.parse(word(index));
        }

        boolean flag(int index) {
            return Boolean.parseBoolean(word(index));
        }

        Priority priority(int index) {
            return new Priority(number(index));
        }

        InetAddress address(int index) {
            return InetAddress.ofLiteral(word(index));
        }

        Prefix prefix(int index) {
            String[] parts = word(index).split("/", -1);
            return new Prefix(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1]));
        }
    }
}

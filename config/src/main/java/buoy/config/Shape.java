package buoy.config;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a single value is written: what of a {@link Format} can be told without trying it. The schema
 * that editors use is made of these.
 */
sealed interface Shape {
    Shape TEXT = new Text();
    Shape TRUTH = new Truth();

    /** Any text, of which only the format can tell whether it is right. */
    record Text() implements Shape {}

    /** {@code true} or {@code false}. */
    record Truth() implements Shape {}

    /** A whole number, bounds included. */
    record Whole(int min, int max) implements Shape {}

    /** A share of a hundred, {@code 0%} to {@code 100%}. */
    record Percent() implements Shape {}

    /** A duration, bounds included. */
    record Time(Duration min, Duration max) implements Shape {}

    /** Bytes, bounds included. */
    record Size(long min, long max) implements Shape {}

    /** One of a few words. */
    record Choice(List<String> words) implements Shape {
        public Choice {
            words = List.copyOf(words);
        }
    }

    /** A text that begins so, and goes on. */
    record Begins(String with) implements Shape {}

    /** One of several shapes. */
    record Either(List<Shape> shapes) implements Shape {
        public Either {
            shapes = List.copyOf(shapes);
        }
    }

    /** One of a few words, or another shape. */
    static Shape words(List<String> words, Shape... others) {
        return new Either(Stream.concat(Stream.of(new Choice(words)), Stream.of(others)).toList());
    }
}

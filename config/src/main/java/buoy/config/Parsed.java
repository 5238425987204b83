package buoy.config;

import java.util.function.Function;

/** What a {@link Format} made of a text. */
sealed interface Parsed<T> {
    record Ok<T>(T value) implements Parsed<T> {}

    /** {@code why} is the message for the operator, with what to do in brackets. */
    record Wrong<T>(String why) implements Parsed<T> {}

    static <T> Parsed<T> ok(T value) {
        return new Ok<>(value);
    }

    static <T> Parsed<T> wrong(String why) {
        return new Wrong<>(why);
    }

    /** The next step, where this one went well. */
    default <R> Parsed<R> then(Function<T, Parsed<R>> next) {
        return switch (this) {
            case Ok<T>(T value) -> next.apply(value);
            case Wrong<T>(String why) -> new Wrong<>(why);
        };
    }
}

package buoy.config;

import java.util.function.Function;

/** How a single value is written. Pure: the same text always gives the same answer. */
@FunctionalInterface
interface Format<T> {
    Parsed<T> parse(String text);

    /** What can be told of it without trying. */
    default Shape shape() {
        return Shape.TEXT;
    }

    /** A format whose shape is known. */
    static <T> Format<T> of(Shape shape, Format<T> format) {
        return new Format<>() {
            @Override
            public Parsed<T> parse(String text) {
                return format.parse(text);
            }

            @Override
            public Shape shape() {
                return shape;
            }
        };
    }

    /** What is of this shape, judged or made into something else by a further step. */
    default <R> Format<R> then(Function<T, Parsed<R>> next) {
        return of(shape(), text -> parse(text).then(next));
    }
}

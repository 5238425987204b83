package buoy.config;

/** How a single value is written. Pure: the same text always gives the same answer. */
@FunctionalInterface
interface Format<T> {
    Parsed<T> parse(String text);
}

package buoy.config;

import buoy.config.KnownKeys.Way;
import java.time.Duration;

/** What may be written for a key, in words. */
final class Values {
    private Values() {}

    /** Of what has bounds, these; else nothing. */
    static String bounds(Way way) {
        return switch (way) {
            case Way.Single(var format) -> bounds(format.shape());
            case Way.Items(var format) -> bounds(format.shape());
            case Way.Sections _, Way.Within _, Way.Nothing _, Way.Always _ -> "";
        };
    }

    private static String bounds(Shape shape) {
        return switch (shape) {
            case Shape.Whole(int min, int max) -> min + " to " + max;
            case Shape.Time(Duration min, Duration max) ->
                    Durations.text(min) + " to " + Durations.text(max);
            case Shape.Size(long min, long max) -> Sizes.text(min) + " to " + Sizes.text(max);
            case Shape.Either(var each) ->
                    String.join(
                            ", ",
                            each.stream().map(Values::bounds).filter(s -> !s.isEmpty()).toList());
            case Shape.Text _, Shape.Truth _, Shape.Percent _, Shape.Choice _, Shape.Begins _ -> "";
        };
    }

    static String words(Way way) {
        return switch (way) {
            case Way.Single(var format) -> words(format.shape());
            case Way.Items(var format) -> "a list of: " + words(format.shape());
            case Way.Sections _ -> "a list of:";
            case Way.Within _ -> "";
            case Way.Nothing _ -> "`null`";
            case Way.Always(var value) -> "`" + value + "`";
        };
    }

    private static String words(Shape shape) {
        return switch (shape) {
            case Shape.Text _ -> "text";
            case Shape.Truth _ -> "`true`, `false`";
            case Shape.Percent _ -> "0% to 100%";
            case Shape.Whole _, Shape.Time _, Shape.Size _ -> bounds(shape);
            case Shape.Choice(var words) -> "`" + String.join("`, `", words) + "`";
            case Shape.Begins(var with) -> "`" + with + "`...";
            case Shape.Either(var each) ->
                    String.join(", ", each.stream().map(Values::words).toList());
        };
    }
}

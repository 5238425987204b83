package buoy.config;

import buoy.config.KnownKeys.Way;
import java.time.Duration;

/** Bounds of what may be written for a key, in words. */
final class Values {
    private Values() {}

    /** Of what has bounds, these; else nothing. */
    static String bounds(Way way) {
        return switch (way) {
            case Way.Single(var format) -> bounds(format.shape());
            case Way.Items(var format) -> bounds(format.shape());
            case Way.Sections _, Way.Within _, Way.Nothing _ -> "";
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
}

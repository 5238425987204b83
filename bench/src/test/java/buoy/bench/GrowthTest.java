package buoy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.bench.Growth.Axis;
import buoy.bench.Growth.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthTest {
    private static final List<Point> POINTS =
            List.of(
                    new Point(Axis.ROUTES, 10, "HAProxy", 10),
                    new Point(Axis.ROUTES, 10, "Buoy native", 11),
                    new Point(Axis.ROUTES, 1000, "HAProxy", 12),
                    new Point(Axis.ROUTES, 1000, "Buoy native", 11.5),
                    new Point(Axis.ROUTES, 10_000, "HAProxy", 20),
                    new Point(Axis.ROUTES, 10_000, "Buoy native", 12));

    @Test
    void eachContenderHasALineOfTheTable() {
        assertThat(Growth.table(Axis.ROUTES, POINTS))
                .containsPattern("10 +1000 +10000\n")
                .containsPattern("HAProxy +10.0 +12.0 +20.0\n")
                .containsPattern("Buoy native +11.0 +11.5 +12.0\n");
    }

    @Test
    void eachContenderHasALineOfThePicture() {
        assertThat(GrowthChart.svg(POINTS).split("<polyline", -1)).hasSize(3);
    }
}

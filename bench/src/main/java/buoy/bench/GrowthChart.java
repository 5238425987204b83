package buoy.bench;

import buoy.bench.Growth.Axis;
import buoy.bench.Growth.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A small picture for each axis, beside each other: a line for each contender, from zero. */
final class GrowthChart {
    private static final int WIDTH = 200;
    private static final int HEIGHT = 130;
    private static final int MARGIN = 34;
    private static final List<String> COLOURS = List.of("#57606a", "#9aa4b2", "#1f6feb", "#8250df");

    private GrowthChart() {}

    static String svg(List<Point> points) {
        List<String> contenders = points.stream().map(Point::contender).distinct().toList();
        List<Axis> axes = points.stream().map(Point::axis).distinct().toList();
        StringBuilder all = new StringBuilder();
        int x = MARGIN;
        for (Axis axis : axes) {
            List<Point> own = points.stream().filter(point -> point.axis() == axis).toList();
            all.append(panel(axis, own, contenders, x));
            x += WIDTH + MARGIN;
        }
        for (int i = 0; i < contenders.size(); i++) {
            all.append(
                    text(
                            MARGIN + i * 110,
                            HEIGHT + 72,
                            COLOURS.get(i % COLOURS.size()),
                            contenders.get(i)));
        }
        return """
               <svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='11'>
               <rect width='100%%' height='100%%' fill='white'/>
               %s</svg>
               """
                .formatted(x, HEIGHT + 82, all);
    }

    private static String panel(Axis axis, List<Point> points, List<String> contenders, int left) {
        double most = points.stream().mapToDouble(Point::micros).max().orElse(1) * 1.1;
        int bottom = HEIGHT + 24;
        StringBuilder panel =
                new StringBuilder(text(left, 14, "black", "us CPU/request by"))
                        .append(text(left, bottom + 28, "black", axis.title()))
                        .append(line(left, bottom, left + WIDTH, bottom))
                        .append(line(left, 24, left, bottom))
                        .append(
                                text(
                                        left - 30,
                                        30,
                                        "black",
                                        String.format(Locale.ROOT, "%.0f", most)));
        Map<Integer, Integer> places = new TreeMap<>();
        List<Integer> amounts = axis.amounts();
        for (int i = 0; i < amounts.size(); i++) {
            int at = left + 10 + i * (WIDTH - 40) / Math.max(1, amounts.size() - 1);
            places.put(amounts.get(i), at);
            panel.append(text(at - 6, bottom + 14, "black", Integer.toString(amounts.get(i))));
        }
        for (int i = 0; i < contenders.size(); i++) {
            String contender = contenders.get(i);
            List<String> way = new ArrayList<>();
            for (Point point : points) {
                if (point.contender().equals(contender) && Double.isFinite(point.micros())) {
                    way.add(
                            String.format(
                                    Locale.ROOT,
                                    "%d,%.1f",
                                    places.get(point.amount()),
                                    bottom - point.micros() / most * HEIGHT));
                }
            }
            panel.append(
                    "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>%n"
                            .formatted(String.join(" ", way), COLOURS.get(i % COLOURS.size())));
        }
        return panel.toString();
    }

    private static String line(int x1, int y1, int x2, int y2) {
        return "<line x1='%d' y1='%d' x2='%d' y2='%d' stroke='black'/>%n".formatted(x1, y1, x2, y2);
    }

    private static String text(int x, int y, String colour, String words) {
        return "<text x='%d' y='%d' fill='%s'>%s</text>%n".formatted(x, y, colour, words);
    }
}

package buoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** CPU for each request as a picture: a bar for each contender, as long as its ratio. */
final class Chart {
    private static final int BAR = 14;
    private static final int GAP = 10;
    private static final int LEFT = 110;
    private static final int ONE = 240;
    private static final int WIDTH = 800;

    /** What is longer is cut off, and its figure says so. */
    private static final double MOST = 2.4;

    private Chart() {}

    /** Writes it beside the result file. */
    static Path write(Path results, List<Outcome> outcomes) {
        Path file =
                results.resolveSibling(
                        results.getFileName().toString().replaceFirst("\\.json$", ".svg"));
        try {
            return Files.writeString(file, svg(outcomes));
        } catch (IOException e) {
            throw new BenchFailed("the picture cannot be kept: " + e.getMessage(), e);
        }
    }

    static String svg(List<Outcome> outcomes) {
        StringBuilder bars = new StringBuilder();
        int y = 24;
        for (Case what : Case.values()) {
            List<Outcome> rows = outcomes.stream().filter(one -> one.what() == what).toList();
            if (rows.isEmpty()) {
                continue;
            }
            y += GAP;
            bars.append(text(8, y + 11, "font-weight='bold'", what.title()));
            y += BAR + 4;
            for (Outcome row : rows) {
                bars.append(bar(row, row.ratio(rows.getFirst()), y));
                y += BAR + 2;
            }
        }
        return """
               <svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='11'>
               <rect width='100%%' height='100%%' fill='white'/>
               %s<line x1='%d' y1='26' x2='%d' y2='%d' stroke='black' stroke-dasharray='3 3'/>
               %s</svg>
               """
                .formatted(
                        WIDTH,
                        y + GAP,
                        text(
                                8,
                                16,
                                "",
                                "CPU for each request, as a multiple of HAProxy's in the same run: shorter is better"),
                        LEFT + ONE,
                        LEFT + ONE,
                        y,
                        bars);
    }

    private static String bar(Outcome row, double ratio, int y) {
        String name = row.contender().name();
        // A machine too slow for one tick of CPU has no figure.
        double length = Double.isFinite(ratio) ? Math.min(ratio, MOST) * ONE : 0;
        return text(8, y + 11, "", name)
                + "<rect x='%d' y='%d' width='%.0f' height='%d' fill='%s'/>%n"
                        .formatted(
                                LEFT,
                                y,
                                length,
                                BAR,
                                row.contender().role() == Contender.Role.BUOY
                                        ? "#1f6feb"
                                        : "#9aa4b2")
                + text(
                        LEFT + (int) length + 6,
                        y + 11,
                        "",
                        Double.isFinite(ratio)
                                ? String.format(
                                        Locale.ROOT,
                                        "%.2f (%.1f us)",
                                        ratio,
                                        row.microsPerRequest())
                                : "no figure");
    }

    private static String text(int x, int y, String style, String words) {
        return "<text x='%d' y='%d' %s>%s</text>%n".formatted(x, y, style, words);
    }
}

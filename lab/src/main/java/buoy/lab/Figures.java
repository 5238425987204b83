package buoy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;

/** Measured figures: said when measured, and kept in {@code lab/target/figures.txt}. */
final class Figures {
    private Figures() {}

    static void say(String figure) {
        System.out.println("  figure: " + figure);
        Path file = Tree.root().resolve("lab").resolve("target").resolve("figures.txt");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file,
                    figure + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A duration in milliseconds with one decimal. */
    static String ms(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }
}

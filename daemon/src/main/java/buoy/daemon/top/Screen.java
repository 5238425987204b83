package buoy.daemon.top;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal that the program was started from, taken over whole and given back as it was. Its
 * modes are those of stty(1): keys come as they are pressed and are not echoed, and a read ends
 * after {@value #TENTHS} tenths of a second without one.
 */
final class Screen implements AutoCloseable {
    private static final File TERMINAL = new File("/dev/tty");
    private static final int TENTHS = 2;

    /** Another screen, without a cursor (xterm's private modes 1049 and 25). */
    private static final String ENTER = "\033[?1049h\033[?25l";

    private static final String LEAVE = "\033[?25h\033[?1049l";

    /** To the upper left; the rest of a line; the rest of the screen (ECMA-48 8.3.21, 41, 39). */
    private static final String HOME = "\033[H";

    private static final String END_OF_LINE = "\033[K";
    private static final String END_OF_SCREEN = "\033[J";
    private static final String REVERSE = "\033[7m";
    private static final String PLAIN = "\033[m";
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,5}) ([0-9]{1,5})");

    private final InputStream keys;
    private final OutputStream out;
    private final String modes;
    private volatile boolean resized = true;
    private int rows;
    private int columns;

    private Screen(InputStream keys, OutputStream out, String modes) {
        this.keys = keys;
        this.out = out;
        this.modes = modes;
    }

    /**
     * Takes it over.
     *
     * @throws IOException if there is none, or it cannot be set; the message says why
     */
    static Screen open() throws IOException {
        String modes = stty("-g");
        Screen screen =
                new Screen(new FileInputStream(TERMINAL), new FileOutputStream(TERMINAL), modes);
        try {
            // Not suspended either: the shell would be left on the other screen.
            stty("-icanon", "-echo", "min", "0", "time", String.valueOf(TENTHS), "susp", "undef");
            screen.write(ENTER);
            return screen;
        } catch (IOException e) {
            screen.close();
            throw e;
        }
    }

    private static String stty(String... what) throws IOException {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(what));
        Process stty =
                new ProcessBuilder(command)
                        .redirectInput(TERMINAL)
                        .redirectErrorStream(true)
                        .start();
        String said =
                new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (stty.waitFor() != 0) {
                throw new IOException(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return said;
    }

    /** Its size is asked for anew at the next picture. */
    void resized() {
        resized = true;
    }

    /** Shows what fits of the lines; the first one is the title, and the last stays in sight. */
    void show(List<String> lines, String last) throws IOException {
        if (resized) {
            resized = false;
            Matcher size = SIZE.matcher(stty("size"));
            boolean known = size.matches();
            // A terminal may not say: then 24 rows of 80.
            rows = known ? orElse(Integer.parseInt(size.group(1)), 24) : 24;
            columns = known ? orElse(Integer.parseInt(size.group(2)), 80) : 80;
        }
        StringBuilder picture = new StringBuilder(HOME);
        for (int i = 0; i < rows - 1; i++) {
            String line = i < lines.size() ? cut(lines.get(i), columns) : "";
            picture.append(i == 0 ? REVERSE + line + PLAIN : line);
            picture.append(END_OF_LINE).append("\r\n");
        }
        picture.append(cut(last, columns)).append(END_OF_SCREEN);
        write(picture.toString());
    }

    private static int orElse(int size, int usual) {
        return size == 0 ? usual : size;
    }

    static String cut(String line, int columns) {
        return line.codePointCount(0, line.length()) <= columns
                ? line
                : line.substring(0, line.offsetByCodePoints(0, columns));
    }

    /** The key that was pressed; -1 if there was none for a while. */
    int key() throws IOException {
        return keys.read();
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Gives it back. What a terminal that has gone refuses is of no use to anybody. */
    @Override
    public void close() throws IOException {
        try (keys;
                out) {
            write(LEAVE);
        } finally {
            stty(modes);
        }
    }
}

package buoy.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program's own file in memory: code and constants. The kernel brings in what surrounds each
 * page that is touched, too, and what only a start needs stays resident for good unless it is given
 * back. Whatever is needed again comes from the page cache.
 */
public final class ProgramPages {
    private static final int MADV_DONTNEED = 4;

    /** {@code 00400000-0080f000 r-xp 00000000 fe:00 1234 /usr/bin/buoy} (proc(5)). */
    private static final Pattern MAPPING =
            Pattern.compile("([0-9a-f]{1,16})-([0-9a-f]{1,16}) r-[x-]p \\S+ \\S+ \\d+ +(/.*)");

    private static final Pattern ANY_MAPPING = Pattern.compile("[0-9a-f]+-[0-9a-f]+ .*");

    /** Both say so of a mapping that has no page of its own. */
    private static final Pattern CLEAN = Pattern.compile("(Anonymous|Swap): +0 kB");

    private ProgramPages() {}

    /** Of the address space, in bytes. */
    record Range(long start, long length) {}

    /**
     * Gives back what is resident of it. Pages that are locked in memory stay, as do all if the
     * kernel does not tell which they are.
     */
    public static void giveBack(Kernel kernel) {
        try {
            String program = Files.readSymbolicLink(Path.of("/proc/self/exe")).toString();
            List<String> mappings = Files.readAllLines(Path.of("/proc/self/smaps"));
            for (Range range : unchanged(mappings, program)) {
                // Refused where memory is locked, which is as well.
                var _ = kernel.posix().madvise(range.start(), range.length(), MADV_DONTNEED);
            }
        } catch (IOException _) {
            // Then they stay: it is a kindness, and nothing depends on it.
        }
    }

    /**
     * Those mappings of the program of which no page is but the file's: what was written to one, be
     * it on swap or shared with a child, would be forgotten.
     *
     * @param smaps lines of {@code /proc/self/smaps}
     */
    static List<Range> unchanged(List<String> smaps, String program) {
        List<Range> found = new ArrayList<>();
        Range candidate = null;
        int clean = 0;
        for (String line : smaps) {
            if (ANY_MAPPING.matcher(line).matches()) {
                Matcher mapping = MAPPING.matcher(line);
                clean = 0;
                candidate =
                        mapping.matches() && mapping.group(3).equals(program)
                                ? range(mapping.group(1), mapping.group(2))
                                : null;
            } else if (candidate != null && CLEAN.matcher(line).matches() && ++clean == 2) {
                found.add(candidate);
            }
        }
        return found;
    }

    private static Range range(String from, String to) {
        long start = Long.parseUnsignedLong(from, 16);
        return new Range(start, Long.parseUnsignedLong(to, 16) - start);
    }
}

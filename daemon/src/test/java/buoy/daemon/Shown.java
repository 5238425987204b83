package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A block of a page of {@code docs/}. One that shows what Buoy prints has a name behind its fence,
 * {@code ```text log}, and a test asks for it by that name ({@link OutputsInDocsTest} holds this).
 *
 * @param place the page and the line on which the block begins
 * @param kind what stands behind the fence
 */
public record Shown(String place, String kind, String text) {
    private static final Path DOCS = Path.of(System.getProperty("buoy.root"), "docs");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```([^\\n]*)\\n(.*?)^```[ \\t]*$");

    /** What differs from one time to the next, with blanks between columns among it. */
    private enum Varying {
        ANYTHING("\\.\\.\\.", ".*?"),
        TIME("\\b\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z"),
        HASH("\\b[0-9a-f]{12}\\b"),
        DURATION("\\b\\d+(?:\\.\\d+)? ?(?:ms|s|m|h|d)\\b"),
        BLANKS(" {2,}", " +");

        /** What is found on a page, and what may come in its place. */
        private final String shown;

        private final String comes;

        Varying(String both) {
            this(both, both);
        }

        Varying(String shown, String comes) {
            this.shown = shown;
            this.comes = comes;
        }

        /** A group for each, by its name. */
        static final Pattern ALL =
                Pattern.compile(
                        Arrays.stream(values())
                                .map(each -> "(?<" + each.name() + ">" + each.shown + ")")
                                .collect(Collectors.joining("|")));

        /** What was found. */
        static Varying of(Matcher found) {
            return Arrays.stream(values())
                    .filter(each -> found.group(each.name()) != null)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The block of this name on this page. */
    public static Shown block(String page, String name) throws IOException {
        List<Shown> found =
                on(DOCS.resolve(page)).stream()
                        .filter(each -> each.kind.equals("text " + name))
                        .toList();
        assertThat(found).as("```text %s in %s", name, page).hasSize(1);
        return found.getFirst();
    }

    /** What a console of this page shows below this command. */
    static String below(String page, String command) throws IOException {
        Matcher found =
                Pattern.compile(
                                "(?m)^[a-z0-9]*[#$] "
                                        + Pattern.quote(command)
                                        + "\\n((?:(?![a-z0-9]*[#$] |```).*\\n)*)")
                        .matcher(Files.readString(DOCS.resolve(page)));
        assertThat(found.find()).as("%s in %s", command, page).isTrue();
        return found.group(1);
    }

    /** All blocks of all pages. */
    static List<Shown> all() throws IOException {
        List<Shown> all = new ArrayList<>();
        try (Stream<Path> pages = Files.list(DOCS)) {
            for (Path page : pages.filter(each -> each.toString().endsWith(".md")).toList()) {
                all.addAll(on(page));
            }
        }
        return all;
    }

    private static List<Shown> on(Path page) throws IOException {
        String text = Files.readString(page);
        List<Shown> blocks = new ArrayList<>();
        Matcher fence = FENCE.matcher(text);
        while (fence.find()) {
            long line = text.substring(0, fence.start()).lines().count() + 1;
            blocks.add(
                    new Shown(
                            page.getFileName() + ":" + line,
                            fence.group(1).strip(),
                            fence.group(2)));
        }
        return blocks;
    }

    /**
     * Holds that this is what is printed: the same but for times, hashes and durations, and the
     * blanks between columns; "..." stands for anything within a line.
     */
    public void is(String printed) {
        assertThat(printed).as(place).matches(pattern(text));
    }

    private static Pattern pattern(String text) {
        StringBuilder pattern = new StringBuilder();
        int from = 0;
        Matcher varying = Varying.ALL.matcher(text);
        while (varying.find()) {
            pattern.append(Pattern.quote(text.substring(from, varying.start())))
                    .append(Varying.of(varying).comes);
            from = varying.end();
        }
        return Pattern.compile(pattern.append(Pattern.quote(text.substring(from))).toString());
    }
}

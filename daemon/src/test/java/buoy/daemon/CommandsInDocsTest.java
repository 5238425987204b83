package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import picocli.CommandLine;

/** What the pages have their readers type: it is well-formed, and is taken by what is there. */
class CommandsInDocsTest {
    private static final Path ROOT = Path.of(System.getProperty("buoy.root"));
    private static final Pattern FENCE = Pattern.compile("(?ms)^```([^\\n]*)\\n(.*?)^```[ \\t]*$");
    private static final Pattern INLINE = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern PROMPT = Pattern.compile("(?m)^[a-z0-9]*[#$] (.*)$");

    /** A line of shell, or a word that stands for one. */
    private record Typed(String place, String text, boolean whole) {}

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> manual = Files.walk(ROOT.resolve("packaging").resolve("man"))) {
            return Stream.of(docs, manual, Stream.of(ROOT.resolve("README.md")))
                    .flatMap(each -> each)
                    .filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** Lines of blocks are whole commands; what stands in the text may be but the name of one. */
    private static List<Typed> typed() throws IOException {
        List<Typed> typed = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            String name = ROOT.relativize(page).toString();
            Matcher block = FENCE.matcher(text);
            while (block.find()) {
                String place = name + ":" + (text.substring(0, block.start()).lines().count() + 1);
                switch (block.group(1).strip()) {
                    case "console" ->
                            PROMPT.matcher(block.group(2))
                                    .results()
                                    .forEach(
                                            line ->
                                                    typed.add(
                                                            new Typed(place, line.group(1), true)));
                    case "sh", "" ->
                            block.group(2)
                                    .lines()
                                    // What a command does stands behind it, at some distance.
                                    .map(line -> line.strip().replaceAll(" {2,}.*", ""))
                                    .forEach(line -> typed.add(new Typed(place, line, true)));
                    default -> {
                        // a configuration, or what comes out
                    }
                }
            }
            INLINE.matcher(FENCE.matcher(text).replaceAll(""))
                    .results()
                    .map(code -> code.group(1))
                    .filter(code -> !code.endsWith("<TAB>"))
                    .forEach(code -> typed.add(new Typed(name, code, false)));
        }
        return typed;
    }

    @Test
    void everyCommandOfOursIsOneThatThereIs() throws IOException {
        List<Executable> checks = new ArrayList<>();
        int whole = 0;
        for (Typed each : typed()) {
            for (List<String> words : ours(each.text())) {
                checks.add(
                        () ->
                                assertThat(refused(words, each.whole()))
                                        .as("%s: %s", each.place(), each.text())
                                        .isEmpty());
                whole += each.whole() ? 1 : 0;
            }
        }
        assertAll(checks);
        assertThat(whole).as("commands in blocks").isGreaterThan(40);
        assertThat(checks).as("commands in all").hasSizeGreaterThan(120);
    }

    /** The test of this test. */
    @Test
    void whatIsNoCommandIsFound() {
        for (String wrong :
                List.of(
                        "buoy server drain",
                        "buoy stauts",
                        "buoy status --jsn",
                        "buoy explain",
                        "buoy server weight many app/app1",
                        "buoy check a b")) {
            assertThat(ours(wrong)).as(wrong).hasSize(1);
            assertThat(refused(ours(wrong).getFirst(), true)).as(wrong).isNotEmpty();
        }
        assertThat(ours("cat x | buoy check -c 'a b' >y; echo buoy && buoy top # buoy none"))
                .containsExactly(List.of("check", "-c", "a b"), List.of("top"));
        assertThat(refused(List.of("server", "drain"), false)).isEmpty();
        assertThat(refused(List.of("server", "dran"), false)).isNotEmpty();
    }

    /** The words behind each {@code buoy} of a line, as a shell would give them. */
    private static List<List<String>> ours(String line) {
        List<List<String>> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        Matcher token =
                Pattern.compile(
                                "(?:'[^']*'|\"[^\"]*\"|[^\\s'\"|;&<>#]|(?<=\\S)#)+|\\|\\||&&|[|;&]|[0-9]?[<>]+|#.*")
                        .matcher(line);
        boolean file = false;
        while (token.find()) {
            String word = token.group();
            if (word.startsWith("#")) {
                break;
            }
            if (word.matches("\\|\\||&&|[|;&]")) {
                commands.add(words);
                words = new ArrayList<>();
            } else if (word.matches("[0-9]?[<>]+")) {
                file = true;
            } else if (file) {
                file = false;
            } else {
                words.add(word.replaceAll("['\"]", ""));
            }
        }
        commands.add(words);
        return commands.stream()
                .filter(each -> !each.isEmpty() && each.getFirst().matches("(bin/)?buoy"))
                .map(each -> List.copyOf(each.subList(1, each.size())))
                .toList();
    }

    /** Why it would be refused; empty if it would not. */
    private static String refused(List<String> words, boolean whole) {
        String[] args =
                words.stream()
                        // As usage is written: [--option VALUE], FILE..., N.
                        .map(word -> word.replaceAll("^\\[+|]+$|\\.\\.\\.$", ""))
                        // Of the executable itself, before there is a command line.
                        .filter(word -> !word.isEmpty() && !word.startsWith("-XX:"))
                        .map(word -> word.equals("N") ? "5" : word.equals("WHEN") ? "auto" : word)
                        .toArray(String[]::new);
        try {
            new CommandLine(CommandLineSpec.create()).parseArgs(args);
            return "";
        } catch (CommandLine.MissingParameterException e) {
            return whole ? e.toString() : "";
        } catch (CommandLine.ParameterException e) {
            return e.toString();
        }
    }

    @Test
    void everyLineIsShell() throws Exception {
        for (Path page : pages()) {
            Matcher block = FENCE.matcher(Files.readString(page));
            while (block.find()) {
                String script =
                        switch (block.group(1).strip()) {
                            case "sh" -> block.group(2);
                            case "console" ->
                                    String.join(
                                            "\n",
                                            PROMPT.matcher(block.group(2))
                                                    .results()
                                                    .map(line -> line.group(1))
                                                    .toList());
                            default -> "";
                        };
                assertThat(syntax(script)).as("%s: %s", page, script).isEmpty();
            }
        }
        assertThat(syntax("if true; then")).isNotEmpty();
    }

    private static String syntax(String script) throws Exception {
        Process shell = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
        try (var in = shell.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.waitFor() == 0 ? "" : said + shell.exitValue();
    }

    /** What is run from a checkout: targets of make, and programs by their paths. */
    @Test
    void everyTargetAndProgramIsThere() throws IOException {
        String makefile = Files.readString(ROOT.resolve("Makefile"));
        TreeSet<String> missing = new TreeSet<>();
        int targets = 0;
        for (Typed each : typed()) {
            Matcher make = Pattern.compile("^make ([a-z-]+)").matcher(each.text());
            if (make.find()) {
                targets++;
                if (!Pattern.compile("(?m)^([a-z -]+ )?" + make.group(1) + "\\b[^=\\n]*:")
                        .matcher(makefile)
                        .find()) {
                    missing.add(each.place() + ": " + each.text());
                }
            }
            Arrays.stream(each.text().split("[\\s;|&]+", -1))
                    .filter(word -> word.matches("(bin|packaging|bench|examples)/[\\w./-]+"))
                    .filter(word -> !word.contains("/target/"))
                    .filter(word -> !Files.exists(ROOT.resolve(word)))
                    .forEach(word -> missing.add(each.place() + ": " + word));
        }
        assertThat(missing).isEmpty();
        assertThat(targets).isGreaterThan(5);
    }
}

package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everything that a {@code ledger.md} names is there: a rule whose test has gone is noticed. */
class LedgerTest {
    private static final Path MODULES = Path.of("..");
    private static final Path VRRP = MODULES.resolve("vrrp/src/test/resources");
    private static final Path HTTP = MODULES.resolve("lb/src/test/resources");
    private static final Pattern TEST =
            Pattern.compile("`(?<class>\\w+(?:Test|IT))?(?:\\.(?<method>\\w+))?`");
    private static final Pattern CONVERSATION = Pattern.compile("\\bv[23]/\\d\\d[a-z]?");
    private static final Pattern REMARK = Pattern.compile("\"([^\"]+)\"");

    private static List<String> rules(Path resources) throws IOException {
        return Files.readAllLines(resources.resolve("ledger.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.endsWith("| test |"))
                .toList();
    }

    /** The tables of lines that are sent and answered have a heading for each rule. */
    @Test
    void whatTheOneOfHttpNamesIsThere() throws IOException {
        List<String> rules = rules(HTTP);
        assertThat(rules).hasSizeGreaterThan(30);
        Map<String, String> tests = tests();
        List<String> missing = new ArrayList<>();
        Path tables = HTTP.resolve("buoy/lb/http/rules");
        for (String table : List.of("requests", "responses")) {
            List<String> named =
                    rules.stream()
                            .filter(rule -> tested(rule).matches("[|,].*\\b" + table + "\\b.*"))
                            .map(rule -> rule.substring(2, rule.indexOf(' ', 2)))
                            .toList();
            List<String> headed =
                    Files.readAllLines(tables.resolve(table + ".txt")).stream()
                            .filter(line -> line.startsWith("## "))
                            .map(line -> line.substring(3, line.indexOf(' ', 3)))
                            .toList();
            assertThat(named).as(table).isEqualTo(headed);
        }
        for (String rule : rules) {
            List<MatchResult> named = TEST.matcher(tested(rule)).results().toList();
            missing.addAll(missing(named, tests));
            if (named.isEmpty() && !rule.contains("requests")) {
                missing.add("any test in: " + rule);
            }
        }
        assertThat(missing).isEmpty();
    }

    private static String tested(String rule) {
        return rule.substring(rule.lastIndexOf("| ", rule.length() - 2));
    }

    @Test
    void whatTheOneOfVrrpNamesIsThere() throws IOException {
        List<String> rules = rules(VRRP);
        assertThat(rules).hasSizeGreaterThan(40);
        Map<String, String> tests = tests();
        List<String> conversations =
                paths(VRRP.resolve("conversations"), ".txt").stream().map(Path::toString).toList();
        String remarks = text(paths(VRRP.resolve("datagrams"), ".txt"));
        List<String> missing = new ArrayList<>();
        for (String rule : rules) {
            List<MatchResult> named = TEST.matcher(rule).results().toList();
            missing.addAll(missing(named, tests));
            each(
                    CONVERSATION,
                    rule,
                    word -> {
                        if (conversations.stream().noneMatch(c -> c.contains(word + "-"))) {
                            missing.add(word);
                        }
                    });
            each(
                    REMARK,
                    rule,
                    word -> {
                        if (!remarks.contains(word.replace("\"", ""))) {
                            missing.add(word);
                        }
                    });
            if (named.isEmpty()
                    && !CONVERSATION.matcher(rule).find()
                    && !rule.contains("`datagrams`")) {
                missing.add("any test in: " + rule);
            }
        }
        assertThat(missing).isEmpty();
    }

    private static List<String> missing(List<MatchResult> named, Map<String, String> tests) {
        List<String> missing = new ArrayList<>();
        String source = "";
        for (MatchResult name : named) {
            if (name.group("class") != null) {
                source = tests.getOrDefault(name.group("class"), "");
            }
            String method = name.group("method");
            boolean there =
                    method == null ? !source.isEmpty() : source.contains(" " + method + "(");
            if (!there) {
                missing.add(name.group());
            }
        }
        return missing;
    }

    private static void each(Pattern pattern, String rule, Consumer<String> word) {
        pattern.matcher(rule).results().map(MatchResult::group).forEach(word);
    }

    /** Of all modules, by the name of the class. */
    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (String module : List.of("vrrp", "native", "lb", "tls", "daemon", "lab")) {
            for (Path file : paths(MODULES.resolve(module).resolve("src/test/java"), ".java")) {
                // Two modules may have one of the same name.
                tests.merge(
                        file.getFileName().toString().replace(".java", ""),
                        Files.readString(file),
                        String::concat);
            }
        }
        return tests;
    }

    private static List<Path> paths(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.toString().endsWith(ending)).toList();
        }
    }

    private static String text(List<Path> files) throws IOException {
        var text = new StringBuilder();
        for (Path file : files) {
            text.append(Files.readString(file));
        }
        return text.toString();
    }
}

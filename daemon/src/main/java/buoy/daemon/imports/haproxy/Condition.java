package buoy.daemon.imports.haproxy;

import buoy.daemon.imports.draft.RouteMatch;
import buoy.daemon.imports.haproxy.Test.Literal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * When a rule holds: one of several lists of literals, of which all hold (HAProxy's configuration
 * manual, 7.2).
 */
record Condition(List<List<Literal>> oneOf) {
    static final Condition ALWAYS = new Condition(List.of(List.of()));

    /** A rule with more alternatives than that is better written by hand. */
    private static final int MOST_ALTERNATIVES = 64;

    /** The words of a rule before its condition, and that. */
    record Split(List<String> action, Condition condition) {}

    /** Reads {@code ... if A !B or { C }}. */
    static Split split(List<String> words, Map<String, List<Test>> acls, Fetch fetch) {
        for (int i = 1; i < words.size(); i++) {
            boolean unless = words.get(i).equals("unless");
            if (unless || words.get(i).equals("if")) {
                Condition condition = read(words.subList(i + 1, words.size()), acls, fetch);
                return new Split(words.subList(0, i), unless ? condition.not() : condition);
            }
        }
        return new Split(words, ALWAYS);
    }

    private static Condition read(List<String> words, Map<String, List<Test>> acls, Fetch fetch) {
        List<List<Literal>> all = new ArrayList<>();
        List<Literal> current = new ArrayList<>();
        boolean negated = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            while (word.startsWith("!")) {
                negated = !negated;
                word = word.substring(1);
            }
            if (word.isEmpty()) {
                continue;
            }
            if (word.equals("or") || word.equals("||")) {
                all.add(current);
                current = new ArrayList<>();
                continue;
            }
            List<Test> tests;
            String text;
            if (word.equals("{")) {
                int end = i + 1;
                while (end < words.size() && !words.get(end).equals("}")) {
                    end++;
                }
                tests = fetch.tests(words.subList(i + 1, end));
                text = String.join(" ", words.subList(i + 1, end));
                i = end;
            } else {
                tests = named(word, acls);
                text = word;
            }
            current.add(new Literal(negated, tests, text));
            negated = false;
        }
        all.add(current);
        return new Condition(all);
    }

    private static List<Test> named(String name, Map<String, List<Test>> acls) {
        List<Test> tests = acls.get(name);
        if (tests != null) {
            return tests;
        }
        return switch (name) {
            case "TRUE", "HTTP", "REQ_CONTENT", "HTTP_CONTENT", "WAIT_END" ->
                    List.of(new Test.Always(true));
            case "FALSE" -> List.of(new Test.Always(false));
            case "METH_GET" -> methods("GET", "HEAD");
            case "METH_CONNECT",
                    "METH_DELETE",
                    "METH_HEAD",
                    "METH_OPTIONS",
                    "METH_POST",
                    "METH_PUT",
                    "METH_TRACE" ->
                    methods(name.substring("METH_".length()));
            default ->
                    List.of(
                            new Test.Unknown(
                                    "the condition %s is not in the file".formatted(name),
                                    "write what it asks for"));
        };
    }

    private static List<Test> methods(String... methods) {
        return List.of(
                new Test.Asks(
                        RouteMatch.ofMethods(
                                Set.of(methods).size() == 1
                                        ? Set.of(methods)
                                        : new java.util.LinkedHashSet<>(List.of(methods)))));
    }

    /** When this does not hold. */
    private Condition not() {
        List<List<Literal>> result = List.of(List.of());
        for (List<Literal> conjunction : oneOf) {
            List<List<Literal>> next = new ArrayList<>();
            for (List<Literal> so : result) {
                for (Literal literal : conjunction) {
                    List<Literal> longer = new ArrayList<>(so);
                    longer.add(literal.not());
                    next.add(longer);
                }
            }
            if (next.size() > MOST_ALTERNATIVES) {
                return new Condition(
                        List.of(
                                List.of(
                                        new Literal(
                                                false,
                                                List.of(
                                                        new Test.Unknown(
                                                                "the condition has too many parts",
                                                                "write the routes that are meant")),
                                                ""))));
            }
            result = next;
        }
        return new Condition(result);
    }

    /** ACLs of a proxy by name: those of one name are alternatives. */
    static Map<String, List<Test>> acls(List<Line> lines, Fetch fetch) {
        Map<String, List<Test>> acls = new LinkedHashMap<>();
        for (Line line : lines) {
            acls.computeIfAbsent(line.word(1), _ -> new ArrayList<>())
                    .addAll(fetch.tests(line.from(2)));
        }
        return acls;
    }
}

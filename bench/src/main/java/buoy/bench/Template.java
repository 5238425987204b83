package buoy.bench;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A configuration to be filled in: {@code @name@} stands for a value, and a line that begins with
 * {@code @each@} for as many lines as there are servers or routes, numbered from 0 by {@code @n@}.
 */
final class Template {
    private static final String EACH = "@each@";

    /** Each address of 127.0.0.0/8 that ends in 1 to 250 can be a server of its own. */
    private static final int HOSTS = 250;

    private Template() {}

    /**
     * Fills it in.
     *
     * @param each how many lines a repeated one becomes; {@code @address@} in it is that of a
     *     server, another for each
     */
    static String filled(String template, Map<String, String> values, int each) {
        String text =
                template.lines()
                        .flatMap(line -> repeated(line, each))
                        .collect(Collectors.joining("\n", "", "\n"));
        for (var value : values.entrySet()) {
            text = text.replace("@" + value.getKey() + "@", value.getValue());
        }
        return text;
    }

    private static Stream<String> repeated(String line, int each) {
        if (!line.startsWith(EACH)) {
            return Stream.of(line);
        }
        String rest = line.substring(EACH.length());
        return IntStream.range(0, each)
                .mapToObj(
                        n ->
                                rest.replace("@n@", Integer.toString(n))
                                        .replace("@address@", address(n)));
    }

    /** Never 127.0.x.x, where others listen. */
    static String address(int n) {
        return "127.%d.%d.%d".formatted(1 + n / HOSTS / HOSTS, n / HOSTS % HOSTS, 1 + n % HOSTS);
    }
}

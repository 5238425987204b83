package buoy.daemon.state;

import buoy.daemon.state.StandingOrders.ServerName;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Server.Orders;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Orders as text, a line each, which people can read and correct:
 *
 * <pre>
 * buoy-orders 1 /run/buoy/admin.sock
 * listener smtp paused 2026-11-27T03:02:11Z
 * server app/app1 maintenance 2026-11-27T03:02:11Z -
 * server app/app2 ready 2026-11-27T03:02:11Z 10
 * pool db paused 2026-11-27T03:02:11Z
 * router web resigned 2026-11-27T03:02:11Z
 * </pre>
 *
 * The first line says whose they are; behind the moment of a server stands its weight. No name has
 * a blank in it.
 */
final class OrdersText {
    private static final String FIRST = "buoy-orders 1 ";
    private static final String NOTE =
            "# What was ordered by command and is in force. Buoy replaces this file after each order.";

    /** As the configuration has it. */
    private static final int MOST_WEIGHT = 256;

    /** Of a line that is no order. */
    private static final int MOST_SHOWN = 100;

    private OrdersText() {}

    /**
     * What a text says.
     *
     * @param orders of the lines that can be read
     * @param problems of the others, a line each
     */
    record Read(StandingOrders orders, List<String> problems) {}

    /**
     * @param owner whose orders they are
     */
    static String encode(String owner, StandingOrders orders) {
        StringBuilder text = new StringBuilder(first(owner)).append('\n').append(NOTE).append('\n');
        orders.listeners()
                .forEach((listener, since) -> line(text, "listener", listener, "paused", since));
        orders.servers()
                .forEach(
                        (name, each) ->
                                line(
                                        text,
                                        "server",
                                        name,
                                        each.duty().name().toLowerCase(Locale.ROOT),
                                        each.since(),
                                        each.weight().isPresent()
                                                ? each.weight().getAsInt()
                                                : "-"));
        orders.paused().forEach((pool, since) -> line(text, "pool", pool, "paused", since));
        orders.resigned()
                .forEach((router, since) -> line(text, "router", router, "resigned", since));
        return text.toString();
    }

    private static String first(String owner) {
        return FIRST + owner.replaceAll("\\p{Cntrl}", "?");
    }

    private static void line(StringBuilder text, Object... words) {
        for (int i = 0; i < words.length; i++) {
            text.append(i == 0 ? "" : " ").append(words[i]);
        }
        text.append('\n');
    }

    /** Never fails: a line that cannot be read takes no other one along. */
    static Read decode(String owner, String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals(first(owner))) {
            return new Read(
                    StandingOrders.NONE, List.of("line 1: must be \"%s\"".formatted(first(owner))));
        }
        Map<String, Instant> listeners = new LinkedHashMap<>();
        Map<ServerName, Orders> servers = new LinkedHashMap<>();
        Map<String, Instant> paused = new LinkedHashMap<>();
        Map<String, Instant> resigned = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            String[] words = line.split(" +", -1);
            try {
                switch (words[0]) {
                    case "listener" -> listeners.put(words[1], since(words, "paused"));
                    case "server" -> servers.put(server(words[1]), orders(words));
                    case "pool" -> paused.put(words[1], since(words, "paused"));
                    case "router" -> resigned.put(words[1], since(words, "resigned"));
                    default -> must(line.isEmpty() || line.startsWith("#"));
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException _) {
                problems.add("line %d: no order: %s".formatted(i + 1, shown(line)));
            }
        }
        return new Read(new StandingOrders(listeners, servers, paused, resigned), problems);
    }

    private static ServerName server(String name) {
        String[] both = name.split("/", 2);
        return new ServerName(both[0], both[1]);
    }

    private static Orders orders(String[] words) {
        must(words.length == 5);
        OptionalInt weight =
                words[4].equals("-")
                        ? OptionalInt.empty()
                        : OptionalInt.of(Integer.parseInt(words[4]));
        must(weight.orElse(0) >= 0 && weight.orElse(0) <= MOST_WEIGHT);
        return new Orders(
                Duty.valueOf(words[2].toUpperCase(Locale.ROOT)), Instant.parse(words[3]), weight);
    }

    private static Instant since(String[] words, String state) {
        must(words.length == 4 && words[2].equals(state));
        return Instant.parse(words[3]);
    }

    private static void must(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("no order");
        }
    }

    /** Of whatever it is, as much as a line of the log needs. */
    private static String shown(String line) {
        String start = line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line;
        return '"' + start.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}

package buoy.lab.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs roles until its standard input says {@code stop} or closes.
 *
 * <pre>
 *   Client http NAME URL RATE [CA] -- browse NAME URL RATE [CA] -- ws NAME URL [CA] -- pg NAME HOST PORT SECONDS -- watch NAME URL...
 *     -- pgbench NAME HOST PORT -- arrivals NAME HOST PORT MS -- psql NAME HOST PORT MS -- kept NAME URL RATE [CA] -- careful NAME URL RATE [CA]
 *     -- fresh NAME URL RATE [CA] -- noise NAME HOST PORT RATE
 * </pre>
 */
public final class Client {
    private static final Duration FLUSH = Duration.ofMillis(50);

    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    private Client() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        // The driver's words would stand among the journal's.
        DRIVER.setLevel(Level.OFF);
        Journal journal = new Journal(System.out);
        List<Role> roles = new ArrayList<>();
        for (List<String> words : split(List.of(arguments))) {
            roles.add(role(words, journal));
        }
        Thread.ofPlatform().daemon().name("flush").start(() -> flushForEver(journal));
        List<Thread> threads = new ArrayList<>();
        for (Role role : roles) {
            threads.add(
                    Thread.ofPlatform().name(role.toString()).start(() -> runUntilStopped(role)));
        }
        System.out.println("running");
        awaitStop();
        roles.forEach(Role::stop);
        for (Thread thread : threads) {
            thread.join();
        }
        journal.flush();
        System.out.println("stopped");
        System.exit(0);
    }

    private static void awaitStop() throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = in.readLine();
        while (line != null && !line.equals("stop")) {
            line = in.readLine();
        }
    }

    private static void runUntilStopped(Role role) {
        try {
            role.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void flushForEver(Journal journal) {
        try {
            while (true) {
                Thread.sleep(FLUSH);
                journal.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<List<String>> split(List<String> arguments) {
        List<List<String>> groups = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= arguments.size(); i++) {
            if (i == arguments.size() || arguments.get(i).equals("--")) {
                groups.add(arguments.subList(from, i));
                from = i + 1;
            }
        }
        return groups;
    }

    private static Role role(List<String> words, Journal journal) throws IOException {
        String name = words.get(1);
        return switch (words.getFirst()) {
            case "http" -> load(words, HttpLoad.Manner.STRICT, journal);
            case "browse" -> load(words, HttpLoad.Manner.BROWSER, journal);
            case "kept" -> load(words, HttpLoad.Manner.KEPT, journal);
            case "careful" -> load(words, HttpLoad.Manner.CAREFUL, journal);
            case "fresh" -> load(words, HttpLoad.Manner.FRESH, journal);
            case "ws" -> new WebSocketTalk(name, words.get(2), trust(words, 3), journal);
            case "pg" ->
                    new PostgresWriter(name, words.get(2), words.get(3), words.get(4), journal);
            case "pgbench" -> new Pgbench(name, words.get(2), words.get(3), journal);
            case "arrivals" -> arrivals(words, new JdbcVisit(words.get(2), words.get(3)), journal);
            case "psql" -> arrivals(words, new PsqlVisit(words.get(2), words.get(3)), journal);
            case "noise" ->
                    new Noise(
                            name,
                            new InetSocketAddress(words.get(2), Integer.parseInt(words.get(3))),
                            Integer.parseInt(words.get(4)),
                            journal);
            case "watch" -> new Watch(name, words.subList(2, words.size()), journal);
            default -> throw new IllegalArgumentException("no role " + words.getFirst());
        };
    }

    private static Role arrivals(List<String> words, Arrivals.Visit visit, Journal journal) {
        Duration every = Duration.ofMillis(Long.parseLong(words.get(4)));
        return new Arrivals(words.get(1), visit, every, journal);
    }

    private static Role load(List<String> words, HttpLoad.Manner manner, Journal journal)
            throws IOException {
        Target target = Target.of(words.get(2), trust(words, 4));
        return new HttpLoad(words.get(1), target, Integer.parseInt(words.get(3)), manner, journal);
    }

    private static Optional<Path> trust(List<String> words, int index) {
        return words.size() > index ? Optional.of(Path.of(words.get(index))) : Optional.empty();
    }
}

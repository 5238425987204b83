package buoy.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is measured for how long.
 *
 * @param root the tree
 * @param rounds turns of each contender in each case
 * @param turn load in one turn
 * @param warmUp load before the first round, of which nothing is kept
 * @param nativeBuoy the native executable to measure; it may not be there
 * @param many routes, or servers, where there are many
 * @param cases in this order
 */
record Plan(
        Path root,
        int rounds,
        Duration turn,
        Duration warmUp,
        Path nativeBuoy,
        int many,
        List<Case> cases) {
    Plan {
        cases = List.copyOf(cases);
    }

    /** Client connections, all kept alive. */
    static final int CONNECTIONS = 32;

    /** A JVM compiles while it serves: its warm-up is this many times as long in its first case. */
    static final int JVM_FIRST_WARM_UP = 8;

    /** And so many times in those that follow, of which it has compiled much already. */
    static final int JVM_WARM_UP = 3;

    /**
     * BENCH_ROUNDS, BENCH_SECONDS, BENCH_WARMUP, BENCH_ROUTES and BUOY_NATIVE change what is
     * planned.
     *
     * @param names of cases; all of them if there are none
     */
    static Plan of(Path root, Map<String, String> environment, List<String> names) {
        return new Plan(
                root,
                number(environment, "BENCH_ROUNDS", 3),
                Duration.ofSeconds(number(environment, "BENCH_SECONDS", 2)),
                Duration.ofSeconds(number(environment, "BENCH_WARMUP", 1)),
                Optional.ofNullable(environment.get("BUOY_NATIVE"))
                        .map(Path::of)
                        .orElse(root.resolve("packaging/target/buoy")),
                number(environment, "BENCH_ROUTES", 10_000),
                names.isEmpty()
                        ? List.of(Case.values())
                        : names.stream().map(Plan::named).toList());
    }

    private static Case named(String name) {
        return Stream.of(Case.values())
                .filter(each -> each.key().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BenchFailed(
                                        "%s is not a case (there are: %s)"
                                                .formatted(
                                                        name,
                                                        Stream.of(Case.values())
                                                                .map(Case::key)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    static int number(Map<String, String> environment, String name, int otherwise) {
        String text = environment.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[1-9][0-9]{0,4}")) {
            throw new BenchFailed(name + "=" + text + " is not a number from 1 to 99999");
        }
        return Integer.parseInt(text);
    }

    /**
     * Load before the first round.
     *
     * @param first whether it has had none yet
     */
    Duration warmUp(Contender contender, boolean first) {
        return contender.isJvm()
                ? warmUp.multipliedBy(first ? JVM_FIRST_WARM_UP : JVM_WARM_UP)
                : warmUp;
    }

    /** A turn at a fixed rate: half as long, as it needs no ticks of CPU time. */
    Duration pacedTurn() {
        return Duration.ofSeconds(Math.max(1, turn.toSeconds() / 2));
    }

    boolean needs(Door door) {
        return cases.stream().anyMatch(what -> what.door() == door);
    }

    boolean needsDatabase() {
        return Door.DATABASE.stream().anyMatch(this::needs);
    }

    /** With these cases alone. */
    Plan of(List<Case> some) {
        return new Plan(root, rounds, turn, warmUp, nativeBuoy, many, some);
    }

    /** With so many routes or servers. */
    Plan many(int other) {
        return new Plan(root, rounds, turn, warmUp, nativeBuoy, other, cases);
    }

    /** The contender's configuration, to be filled in. */
    Path template(Setting setting, Contender contender) {
        return configurations().resolve(setting.file(contender));
    }

    Path configurations() {
        return root.resolve("bench/side-by-side");
    }
}

package buoy.daemon.track;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.ConfigFile;
import buoy.config.Reading;
import buoy.config.model.LogSettings;
import buoy.config.model.VirtualRouter;
import buoy.daemon.command.Runner;
import buoy.daemon.log.Log;
import buoy.linux.Kernel;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Subject;
import buoy.vrrp.track.Tracking;
import buoy.vrrp.track.Word;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files, scripts and processes of this machine, tracked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrackersTest {
    @TempDir Path directory;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Log log =
            Log.open(
                    new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT),
                    new PrintStream(written, true, StandardCharsets.UTF_8));
    private final List<Fact> told = new CopyOnWriteArrayList<>();
    private final Map<String, Optional<String>> listeners = new ConcurrentHashMap<>();
    private volatile Map<Integer, String> hung = Map.of();
    private final Kernel kernel = Kernel.load();
    private final Trackers trackers =
            new Trackers(kernel, new Runner(kernel), () -> listeners, () -> hung, told::add, log);

    @AfterEach
    void close() {
        trackers.close();
        log.close();
    }

    private void track(String... items) throws IOException {
        trackers.apply(routers(items));
    }

    private Collection<VirtualRouter> routers(String... items) throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("buoy.yaml"),
                        """
                        vrrp:
                          web:
                            interface: eth0
                            router-id: 51
                            addresses: [198.51.100.100/24]
                            track:
                        %s
                        listeners:
                          https: {bind: ["127.0.0.1:1234"], protocol: tcp, pool: app}
                        pools:
                          app: {servers: {a: "127.0.0.1:5000"}, health: {tcp: {}}}
                        """
                                .formatted(
                                        String.join(
                                                "\n",
                                                List.of(items).stream()
                                                        .map(item -> "      - " + item)
                                                        .toList())));
        return switch (ConfigFile.read(file)) {
            case Reading.Accepted(var config, _, _) -> config.routers().values();
            case Reading.Rejected(var problems) -> throw new AssertionError(problems.toString());
        };
    }

    @Test
    void theNumberInAFileIsFollowedWhateverHappensToTheFile() throws Exception {
        Path deep = directory.resolve("run").resolve("deep");
        Path file = deep.resolve("number");
        Subject.File subject = new Subject.File(file);
        track("{file: %s, weight: -1}".formatted(file));
        awaitLast(new Fact.NumberRead(subject, 0));
        Files.createDirectories(deep);
        Files.writeString(file, "50\n");
        awaitLast(new Fact.NumberRead(subject, 50));
        Files.writeString(file, "-7");
        awaitLast(new Fact.NumberRead(subject, -7));
        Path other = Files.writeString(deep.resolve("new"), "60");
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        awaitLast(new Fact.NumberRead(subject, 60));
        Files.writeString(file, "sixty");
        awaitLast(new Fact.NumberRead(subject, 0));
        Files.writeString(file, "70");
        awaitLast(new Fact.NumberRead(subject, 70));
        Files.delete(file);
        awaitLast(new Fact.NumberRead(subject, 0));
        Files.delete(deep);
        Files.createDirectory(deep);
        Files.writeString(file, "80");
        awaitLast(new Fact.NumberRead(subject, 80));
        await(
                "what is odd in the log, once",
                () ->
                        log().filter(line -> line.contains("it is missing")).count() == 2
                                && log().filter(line -> line.contains("whole number")).count()
                                        == 1);
    }

    @Test
    void aScriptIsJudgedByItsResultsInARowAndNeverRunTwiceAtOnce() throws Exception {
        Path runs = directory.resolve("runs");
        Path good = Files.createFile(directory.resolve("good"));
        Path script = directory.resolve("check");
        Files.writeString(
                script,
                """
                #!/bin/sh
                mkdir %1$s.lock || { echo overlap >>%1$s; exit 1; }
                echo run >>%1$s
                rmdir %1$s.lock
                test -e %2$s || { echo "it is gone"; exit 4; }
                """
                        .formatted(runs, good));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        track("{script: [%s], every: 100ms, timeout: 20s, fall: 3, rise: 2}".formatted(script));
        Subject subject = onlySubject();
        awaitLast(new Fact.Good(subject));
        Files.delete(good);
        awaitLast(
                new Fact.Trouble(
                        subject, "script %s failed: exit 4: it is gone".formatted(script)));
        assertThat(trackers.status())
                .singleElement()
                .returns("script " + script, Tracked::what)
                .returns(Tracked.State.TROUBLE, Tracked::state)
                .returns("every 100 ms", Tracked::how);
        Files.createFile(good);
        awaitLast(new Fact.Good(subject));
        assertThat(told).hasSize(3);
        assertThat(Files.readString(runs)).doesNotContain("overlap");
    }

    @Test
    void aReloadThatChangesHowAScriptIsJudgedKeepsWhatIsKnown() throws Exception {
        track("{script: [/bin/false], every: 1h, timeout: 20s}");
        Subject first = onlySubject();
        await("its failure", () -> !told.isEmpty() && last() instanceof Fact.Trouble);
        track("{script: [/bin/false], every: 1h, timeout: 20s, weight: -5, fall: 9}");
        assertThat(told)
                .extracting(Fact::subject)
                .contains(first)
                .filteredOn(subject -> !subject.equals(first))
                .isNotEmpty();
        assertThat(told)
                .filteredOn(Fact.Trouble.class::isInstance)
                .extracting(fact -> ((Fact.Trouble) fact).why())
                .containsOnly("script /bin/false failed: exit 1");
        assertThat(told).filteredOn(Fact.Good.class::isInstance).isEmpty();
        assertThat(told.getLast()).isEqualTo(new Fact.Unknown(first));
    }

    @Test
    void whatAnotherProcessKnewOfAScriptHoldsUntilThereIsAnotherResult() throws Exception {
        Collection<VirtualRouter> routers =
                routers("{script: [/bin/false], every: 100ms, timeout: 20s, fall: 5}");
        Subject subject = Tracking.subject(routers.iterator().next().tracks().iterator().next());
        trackers.goOnFrom(List.of(new Word(subject.inWords(), Optional.empty(), Optional.empty())));
        trackers.apply(routers);
        // One failure alone would be believed of a script that nothing is known of.
        assertThat(told.getFirst()).isEqualTo(new Fact.Good(subject));
        await("five failures", () -> last() instanceof Fact.Trouble);
        assertThat(told).hasSize(2);
    }

    @Test
    void aProcessIsFollowedByItsName() throws Exception {
        // The name of a command is that of its file, cut at 15 bytes.
        Path program = directory.resolve("buoy-tracked-by-a-test");
        Files.copy(Path.of("/bin/sleep").toRealPath(), program);
        track("{process: buoy-tracked-by-a-test}");
        Subject subject = onlySubject();
        Fact gone = new Fact.Trouble(subject, "no process buoy-tracked-by-a-test runs");
        awaitLast(gone);
        Process first = new ProcessBuilder(program.toString(), "1000").start();
        Process second = new ProcessBuilder(program.toString(), "1000").start();
        try {
            awaitLast(new Fact.Good(subject));
            first.destroyForcibly().waitFor();
            await("the other one seen", () -> seen().equals("process " + second.pid() + " runs"));
            assertThat(last()).isEqualTo(new Fact.Good(subject));
            second.destroyForcibly().waitFor();
            awaitLast(gone);
        } finally {
            first.destroyForcibly();
            second.destroyForcibly();
        }
    }

    @Test
    void aListenerIsInTroubleAfterASecondOfNotAcceptingOrAtOnceIfItsWorkersHang() throws Exception {
        listeners.put("https", Optional.empty());
        track("{listener: https, weight: -100}");
        Subject subject = onlySubject();
        assertThat(last()).isEqualTo(new Fact.Good(subject));
        listeners.put("https", Optional.of("the kernel refuses it connections"));
        looks(3);
        assertThat(last()).isEqualTo(new Fact.Good(subject));
        looks(1);
        assertThat(last())
                .isEqualTo(
                        new Fact.Trouble(
                                subject, "listener https: the kernel refuses it connections"));
        listeners.put("https", Optional.empty());
        looks(7);
        assertThat(last()).isInstanceOf(Fact.Trouble.class);
        looks(1);
        assertThat(last()).isEqualTo(new Fact.Good(subject));
        hung = Map.of(1, "worker 1 of 2 hangs, it waits for something");
        looks(1);
        assertThat(last())
                .isEqualTo(
                        new Fact.Trouble(
                                subject,
                                "listener https: worker 1 of 2 hangs, it waits for something"));
        hung = Map.of();
        looks(1);
        assertThat(last()).isEqualTo(new Fact.Good(subject));
        listeners.clear();
        looks(4);
        assertThat(last()).isEqualTo(new Fact.Trouble(subject, "listener https: it is not bound"));
    }

    @Test
    void whatNobodyTracksAnyMoreIsUnknown() throws Exception {
        track("{file: %s, weight: 1}".formatted(directory.resolve("x")));
        Subject subject = onlySubject();
        await("a first word", () -> !told.isEmpty());
        trackers.apply(List.of());
        assertThat(last()).isEqualTo(new Fact.Unknown(subject));
        assertThat(trackers.status()).isEmpty();
    }

    @Test
    void numbersAreWholeAndShort() {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        List.of("50", " -3\n", "+7", "0", "")
                .forEach(t -> numbers.put(t, NumberText.of(t).value()));
        assertThat(numbers).containsValues(50, -3, 7, 0);
        for (String text : List.of("", "5 0", "1e3", "0x10", "1234567", "fifty", "5\n6")) {
            assertThat(NumberText.of(text).odd()).as(text).isTrue();
            assertThat(NumberText.of(text).value()).as(text).isZero();
        }
    }

    private void looks(int count) {
        for (int i = 0; i < count; i++) {
            trackers.look();
        }
    }

    private Subject onlySubject() {
        Collection<VirtualRouter> routers = read();
        return Tracking.subject(routers.iterator().next().tracks().getFirst());
    }

    private Collection<VirtualRouter> read() {
        return ((Reading.Accepted) ConfigFile.read(directory.resolve("buoy.yaml")))
                .config()
                .routers()
                .values();
    }

    private Fact last() {
        return told.getLast();
    }

    private String seen() {
        return trackers.status().getFirst().seen();
    }

    private Stream<String> log() {
        return written.toString(StandardCharsets.UTF_8).lines();
    }

    private void awaitLast(Fact expected) throws InterruptedException {
        await(expected + ", last told " + told, () -> !told.isEmpty() && last().equals(expected));
    }

    private static void await(String what, BooleanSupplier state) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!state.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("not within 60 s: %s", what).isNegative();
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}

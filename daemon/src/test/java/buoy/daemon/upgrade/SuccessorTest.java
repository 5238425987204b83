package buoy.daemon.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Endpoint;
import buoy.config.model.UnixPath;
import buoy.daemon.upgrade.Impostor.Does;
import buoy.lb.PoolsKnown;
import buoy.vrrp.HandedOver;
import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The old side of an upgrade, with a successor that fails at each step, and one that does not. */
class SuccessorTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    /** For one that never gets on; nothing but the length of the test depends on it. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir Path directory;
    private final List<String> hand = new ArrayList<>();

    private Successor start(List<String> command, Duration patience) throws IOException {
        return start(command, patience, false);
    }

    private Successor start(List<String> command, Duration patience, boolean stopping)
            throws IOException {
        Successor.Hand noted =
                new Successor.Hand() {
                    @Override
                    public HandedOver letGo(Set<String> wanted) throws UpgradeFailed {
                        hand.add("let go");
                        if (stopping) {
                            throw new UpgradeFailed("this buoy is stopping");
                        }
                        return new HandedOver(List.of(), Set.of(), List.of());
                    }

                    @Override
                    public void takeBack() {
                        hand.add("take back");
                    }
                };
        try (var file = Files.newByteChannel(Files.createTempFile(directory, "passed", ""))) {
            assertThat(file.isOpen()).isTrue();
            return Successor.start(
                    command,
                    directory.resolve("up"),
                    List.of(
                            new Passed.Lock(standardError()),
                            new Passed.Stats(new Endpoint(LOOPBACK, 9), standardError()),
                            new Passed.Listener(new UnixPath("/a b"), false, standardError())),
                    PoolsKnown.NOTHING,
                    Map.of(),
                    noted,
                    patience);
        }
    }

    /** Any descriptor will do. */
    private static int standardError() {
        assertThat(FileDescriptor.err.valid()).isTrue();
        return 2;
    }

    private static List<String> impostor(Does does) {
        Path classes =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .map(Path::of)
                        .filter(
                                each ->
                                        Files.exists(
                                                each.resolve(
                                                        Impostor.class.getName().replace('.', '/')
                                                                + ".class")))
                        .findFirst()
                        .orElseThrow();
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes.toString(),
                Impostor.class.getName(),
                does.name());
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(Does.END_AT_ONCE, "it ended (exit code 7)"),
                Arguments.of(
                        Does.SPEAK_ANOTHER_VERSION,
                        "it said `buoy-upgrade 999` instead of `buoy-upgrade 3`"),
                Arguments.of(Does.END_BEFORE_READY, "it ended (exit code 7)"),
                Arguments.of(Does.SAY_SORRY, "listeners.web: no such address (exit code 1)"),
                Arguments.of(Does.SAY_NONSENSE, "it said `nonsense` instead of `ready`"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whoFailsBeforeItIsReadyIsGoneAndNothingWasLetGo(Does does, String why) {
        assertThatThrownBy(() -> start(impostor(does), LONG))
                .isInstanceOf(UpgradeFailed.class)
                .hasMessageStartingWith(why);
        assertThat(hand).isEmpty();
        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource(names = {"NEVER_COME", "NEVER_BE_READY"})
    void whoHangsIsKilledWhenItsTimeIsOver(Does does) {
        assertThatThrownBy(() -> start(impostor(does), SHORT))
                .isInstanceOf(UpgradeFailed.class)
                .hasMessage("it did not answer in time (it was killed)");
        assertThat(hand).isEmpty();
        nothingIsLeft();
    }

    static Stream<Arguments> lateFailures() {
        return Stream.of(
                Arguments.of(Does.END_AFTER_GO, "it ended (exit code "),
                Arguments.of(Does.SAY_SORRY_AFTER_GO, "admin socket: no such directory (exit "),
                Arguments.of(Does.HANG_AFTER_GO, "it did not answer in time (exit code 137)"));
    }

    @ParameterizedTest
    @MethodSource("lateFailures")
    void whatWasLetGoIsTakenBackFromOneThatFailsThen(Does does, String why) {
        assertThatThrownBy(() -> start(impostor(does), LONG))
                .isInstanceOf(UpgradeFailed.class)
                .hasMessageStartingWith(why);
        assertThat(hand).containsExactly("let go", "take back");
        nothingIsLeft();
    }

    @Test
    void aBuoyThatIsStoppingLetsNobodyTakeItsPlace() {
        assertThatThrownBy(() -> start(impostor(Does.TAKE), LONG, true))
                .isInstanceOf(UpgradeFailed.class)
                .hasMessageStartingWith("this buoy is stopping");
        assertThat(hand).containsExactly("let go");
        nothingIsLeft();
    }

    @Test
    void aProgramThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> start(List.of(directory.resolve("none").toString()), LONG))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
        nothingIsLeft();
    }

    @Test
    void whoTakesOverIsToldWhenTheOldOneIsDone() throws Exception {
        ProcessHandle taker;
        try (Successor next = start(impostor(Does.TAKE), LONG)) {
            assertThat(hand).containsExactly("let go");
            taker = ProcessHandle.of(next.processId()).orElseThrow();
            assertThat(taker.isAlive()).isTrue();
        }
        taker.onExit().get();
        nothingIsLeft();
    }

    private void nothingIsLeft() {
        assertThat(directory.resolve("up")).doesNotExist();
        assertThat(ProcessHandle.current().children())
                .as("processes")
                .noneMatch(each -> each.info().commandLine().orElse("").contains("Impostor"));
    }
}

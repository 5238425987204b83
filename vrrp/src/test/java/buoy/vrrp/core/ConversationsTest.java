package buoy.vrrp.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every file in {@code conversations/} is a test. Run with {@code -Dbuoy.rewrite=true} to write
 * what happens into the files instead; commit only what you have understood.
 */
class ConversationsTest {
    private static final Path FOLDER = Path.of("src/test/resources/conversations");

    @TestFactory
    Stream<DynamicTest> conversations() throws IOException {
        return files().stream()
                .map(
                        file ->
                                DynamicTest.dynamicTest(
                                        FOLDER.relativize(file).toString(), () -> check(file)));
    }

    /** Whatever can happen is told by one of them: what random stories reach, they reach. */
    @Test
    void everyTransitionIsTold() throws IOException {
        Set<Transition> told = new HashSet<>();
        for (Path file : files()) {
            Conversation.replay(Files.readAllLines(file), told::add);
        }
        Set<Transition> possible = RandomStories.transitions();
        possible.removeAll(told);
        assertThat(possible.stream().map(Transition::toString).sorted())
                .as("transitions without a golden conversation")
                .isEmpty();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(FOLDER)) {
            List<Path> files =
                    all.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
            assertThat(files).hasSizeGreaterThan(30);
            return files;
        }
    }

    private static void check(Path file) throws IOException {
        List<String> told = Files.readAllLines(file);
        List<String> replayed = Conversation.replay(told);
        if (Boolean.getBoolean("buoy.rewrite")) {
            Files.write(file, replayed);
            return;
        }
        assertThat(told).filteredOn(line -> line.contains(" -> ")).isNotEmpty();
        assertThat(told).isEqualTo(replayed);
    }
}

package buoy.vrrp.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every file in {@code conversations/} is a test. Run with {@code -Dbuoy.rewrite=true} to write
 * what happens into the files instead; commit only what you have understood.
 */
class ConversationsTest {
    private static final Path FOLDER = Path.of("src/test/resources/conversations");

    @TestFactory
    Stream<DynamicTest> conversations() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(FOLDER)) {
            files = all.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(30);
        return files.stream()
                .map(
                        file ->
                                DynamicTest.dynamicTest(
                                        FOLDER.relativize(file).toString(), () -> check(file)));
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

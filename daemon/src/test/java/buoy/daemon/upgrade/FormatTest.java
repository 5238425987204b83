package buoy.daemon.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.config.model.UnixPath;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What passes between two builds is, to the letter, what its version has always been: a process
 * that runs is of an older build than the one that takes its place. Who changes the format gives it
 * another version, so that old processes are told that this one knows them not, and has the files
 * of that version written by {@code -Dbuoy.write=true}.
 */
class FormatTest {
    private static final Path FILES = Path.of("src/test/resources/buoy/daemon/upgrade");

    @Test
    void poolsAreWrittenAsEver() throws IOException {
        holds("pools", PoolsText.encode(PoolsTextTest.ALL));
    }

    @Test
    void routersAreWrittenAsEver() throws IOException {
        holds("routers", RoutersText.encode(RoutersTextTest.everything()));
    }

    @Test
    void descriptorsAreAnnouncedAsEver() throws IOException {
        Endpoint v4 = new Endpoint(InetAddress.ofLiteral("198.51.100.1"), 443);
        Endpoint v6 = new Endpoint(InetAddress.ofLiteral("2001:db8::1"), 8404);
        List<Passed> each =
                List.of(
                        new Passed.Lock(1),
                        new Passed.Stats(v6, 2),
                        new Passed.Listener(v4, false, 3),
                        new Passed.Listener(v6, true, 4),
                        new Passed.Listener(new UnixPath("/run/a b.sock"), false, 5));
        holds(
                "descriptors",
                each.stream().map(Passed::word).collect(Collectors.joining("\n", "", "\n")));
    }

    private static void holds(String what, String text) throws IOException {
        Path file = FILES.resolve("%s-%d.txt".formatted(what, Predecessor.VERSION));
        if (Boolean.getBoolean("buoy.write")) {
            Files.writeString(file, text);
        }
        assertThat(text)
                .as("%s, or this is another format: then raise Predecessor.VERSION", file)
                .isEqualTo(Files.readString(file));
    }
}

package buoy.lb.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.kit.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {
    private static final InetAddress A = InetAddress.ofLiteral("198.51.100.11");
    private static final InetAddress B = InetAddress.ofLiteral("198.51.100.12");

    @Test
    void theHostsFileGoesBeforeNameServersAndIsReadAnew(@TempDir Path directory) throws Exception {
        Path hosts = directory.resolve("hosts");
        Files.writeString(hosts, "198.51.100.11 app1\n");
        List<News> told = new CopyOnWriteArrayList<>();
        try (Names names =
                new Names(
                        (_, _, news) -> told.add(news), hosts, directory.resolve("resolv.conf"))) {
            // Nobody answers there: who asked it would hear of nothing.
            names.follow(
                    Set.of("app1"),
                    List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
            Await.until("found", () -> !told.isEmpty());
            Path next = Files.writeString(directory.resolve("next"), "198.51.100.12 app1\n");
            Files.move(next, hosts, StandardCopyOption.ATOMIC_MOVE);
            Await.until("moved", () -> told.size() > 1);
            assertThat(told)
                    .containsExactly(
                            new News.Moved(Optional.empty(), A), new News.Moved(Optional.of(A), B));
            assertThat(names.known("app1").flatMap(Known::address)).contains(B);
            names.follow(Set.of(), List.of());
            Await.until("forgotten", () -> names.known("app1").isEmpty());
        }
    }
}

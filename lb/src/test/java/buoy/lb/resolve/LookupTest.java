package buoy.lb.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.kit.NameServer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookupTest {
    @TempDir Path directory;

    @Test
    void aSearchDomainThatIsNoneIsPassedOver() throws Exception {
        Path hosts = Files.createFile(directory.resolve("hosts"));
        Path conf = Files.writeString(directory.resolve("resolv.conf"), "search a..b internal\n");
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (NameServer server = NameServer.start();
                Lookup lookup = new Lookup(group.next(), hosts, conf)) {
            server.says("app.internal", 7, "198.51.100.11");
            lookup.ask(
                    List.of(
                            new InetSocketAddress(
                                    server.endpoint().address(), server.endpoint().port())));
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            group.execute(() -> lookup.find("app", answer::complete));
            assertThat(answer.get(20, TimeUnit.SECONDS))
                    .isEqualTo(
                            new Answer.Found(
                                    List.of(InetAddress.ofLiteral("198.51.100.11")),
                                    Duration.ofSeconds(7),
                                    true));
        } finally {
            var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}

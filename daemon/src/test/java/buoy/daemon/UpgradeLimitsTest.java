package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an upgrade would lose, and is refused for. */
class UpgradeLimitsTest {
    @TempDir Path directory;

    private Config config(String more) throws Exception {
        Path file = directory.resolve("buoy.yaml");
        Files.writeString(
                file,
                """
                admin: {socket: %s}
                stats: {bind: "127.0.0.1:1"}
                pools:
                  app: {servers: ["127.0.0.1:9"]}
                listeners:
                  web: {bind: ["127.0.0.1:80", "[::1]:80"], protocol: http, pool: app}
                  local: {bind: ["unix:/run/app/in.sock"], protocol: tcp, pool: app}
                  logs: {bind: ["127.0.0.1:514"], protocol: udp, pool: app}
                """
                                .formatted(directory.resolve("admin.sock"))
                        + more);
        if (LoadedConfig.read(file, Instant.now())
                instanceof LoadedConfig.Outcome.Good(var loaded)) {
            return loaded.config();
        }
        throw new AssertionError(LoadedConfig.read(file, Instant.now()));
    }

    @Test
    void everySocketPasses() throws Exception {
        assertThat(UpgradeLimits.of(config(""), "epoll")).isEmpty();
    }

    @Test
    void whatCannotPassIsALineEach() throws Exception {
        String more =
                """
                vrrp:
                  web: {interface: lo, router-id: 51, addresses: [198.51.100.100/24]}
                """;
        assertThat(UpgradeLimits.of(config(more), "nio"))
                .containsExactly(
                        "vrrp: virtual routers do not pass to another process (stop and start buoy:"
                                + " a peer takes the addresses meanwhile)",
                        "process.transport: nio: does not pass to another process (stop and start"
                                + " buoy)");
    }
}

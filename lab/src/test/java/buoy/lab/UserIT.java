package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code process.user}: root starts it, and it is somebody with no more rights than it needs. */
@BesideOthers
@Needs(
        value = {"setpriv"},
        buoy = true)
class UserIT {
    private static final String NOBODY = "65534";

    /** NET_BIND_SERVICE, NET_ADMIN, NET_RAW, IPC_LOCK, SYS_NICE. */
    private static final String NEEDED = "0000000000807400";

    @Test
    void itFloatsAnAddressAndBindsPort80AsNobody() throws IOException {
        try (Lan lan = Lan.open("user")) {
            Host lb = lan.host("lb", "198.51.100.1/24");
            lb.makeDirectory("/run/buoy");
            lb.run("chown", "nobody", "/run/buoy").orFail();
            BuoyDaemon daemon =
                    BuoyDaemon.start(
                            lb,
                            """
                                    process: {user: nobody, state-directory: /run/state}
                                    vrrp:
                                      web: {interface: eth0, router-id: 51, advertise: 100ms, addresses: [198.51.100.100/24]}
                                    listeners:
                                      web:
                                        bind: ["198.51.100.100:80"]
                                        protocol: http
                                        routes: [{match: {path: /app}, pool: app}, {respond: {status: 200, body: "here"}}]
                                    pools:
                                      app: {servers: {app1: "198.51.100.11:80"}}
                                    """);
            Running buoy = daemon.process();
            Await.until(
                    Duration.ofSeconds(30),
                    "the page on the floating address (see " + buoy.log() + ")",
                    () ->
                            lb.run("curl", "-s", "--max-time", "5", "http://198.51.100.100/")
                                    .output()
                                    .equals("here"));

            assertThat(status(buoy))
                    .containsEntry(
                            "Uid", String.join("\t", List.of(NOBODY, NOBODY, NOBODY, NOBODY)))
                    .containsEntry("CapEff", NEEDED)
                    .containsEntry("CapAmb", NEEDED)
                    .containsEntry("CapBnd", NEEDED)
                    .containsEntry("NoNewPrivs", "1");
            assertThat(Files.readString(Path.of("/proc/" + buoy.pid() + "/limits")))
                    .containsPattern("Max core file size +1 +1 ");
            assertThat(lb.run("stat", "-c", "%U %a", "/run/state").orFail().strip())
                    .isEqualTo("nobody 700");

            assertThat(daemon.command("server", "drain", "*/app1").orFail())
                    .doesNotContain("not kept");
            assertThat(
                            lb.run("stat", "-c", "%U %a", "/run/state/orders/run-buoy-admin.sock")
                                    .orFail()
                                    .strip())
                    .isEqualTo("nobody 600");
            buoy.kill();
            assertThat(BuoyDaemon.start(lb).command("status").orFail())
                    .contains("drains by command since ");
        }
    }

    private static Map<String, String> status(Running running) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + running.pid() + "/status")).stream()
                .map(line -> line.split(":\\s*", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1]));
    }
}

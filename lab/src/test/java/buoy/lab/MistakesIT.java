package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ten mistakes of an operator, told at once; what runs goes on as if nothing had been. */
@BesideOthers
@Needs(
        value = {"curl"},
        buoy = true)
class MistakesIT {
    private static final int BAD_CONFIGURATION = 3;

    private static final String GOOD =
            """
            listeners:
              http:
                bind: ["198.51.100.1:80"]
                protocol: http
                pool: app
            pools:
              app: {servers: {app1: "198.51.100.11:5000"}, health: {http: {path: /api/health}}}
            """;

    private static final String TEN_MISTAKES =
            """
            log: {level: loud}
            vrrp:
              web:
                interface: eth0
                router-id: 300
                prioritty: 150
                advertise: 15ms
                addresses: [198.51.100.100/33]
            listeners:
              http:
                bind: ["198.51.100.100:70000"]
                protocol: htttp
                pool: app
              https:
                bind: ["198.51.100.100:443"]
                protocol: http
                tls: {certificates: [site]}
                pool: ap
            pools:
              app:
                servers: {app1: "198.51.100.11:5000"}
                health: {http: {path: /api/health}, every: 2}
            """;

    @Test
    void tenMistakesAreTenLinesAndChangeNothing() {
        try (Lan lan = Lan.open("mistakes")) {
            Host host = lan.host("lb1", "198.51.100.1/24");
            Scenario2.serve(lan.host("app1", "198.51.100.11/24"));
            BuoyDaemon daemon = BuoyDaemon.start(host, GOOD);
            host.write(BuoyDaemon.CONFIGURATION, TEN_MISTAKES);

            for (List<String> command : List.of(List.of("check"), List.of("run"))) {
                Finished refused = daemon.command(command.toArray(String[]::new));
                assertThat(refused.exit()).as(refused.output()).isEqualTo(BAD_CONFIGURATION);
                assertThat(refused.output().lines().toList())
                        .as(refused.output())
                        .hasSize(10)
                        .allMatch(line -> line.matches("/etc/buoy/buoy\\.yaml:\\d+:\\d+: .+: .+"));
            }
            Finished refused = daemon.command("reload");
            assertThat(refused.exit()).as(refused.output()).isEqualTo(BAD_CONFIGURATION);
            assertThat(
                            refused.output()
                                    .lines()
                                    .filter(line -> line.startsWith("/etc/buoy/buoy.yaml:")))
                    .as(refused.output())
                    .hasSize(10);
            assertThat(
                            host.run("curl", "--silent", "--max-time", "5", "http://198.51.100.1/")
                                    .orFail())
                    .startsWith("hello from app1");
            assertThat(host.carries()).doesNotContain("198.51.100.100/24");
            assertThat(daemon.process().stop(Duration.ofSeconds(60))).isZero();
        }
    }
}

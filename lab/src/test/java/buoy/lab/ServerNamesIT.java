package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Servers with names, which dnsmasq knows, and moves, and forgets; checked by a program. */
@BesideOthers
@Needs(value = "dnsmasq", buoy = true)
class ServerNamesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String NAME = "app.internal";

    private static Running nameServer(Host host) {
        return host.start(
                "dnsmasq",
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--user=root",
                "--no-resolv",
                "--no-hosts",
                "--addn-hosts=/etc/names",
                "--local-ttl=1",
                "--log-facility=-");
    }

    private static String served(Host client) {
        return client.run(
                        "curl",
                        "--silent",
                        "--max-time",
                        "5",
                        "--output",
                        "/dev/null",
                        "--write-out",
                        "%{http_code}/%header{x-server}",
                        "http://198.51.100.1/")
                .output();
    }

    private static void await(String what, Host client, String answer) {
        Await.until(PATIENCE, what, () -> served(client).equals(answer));
    }

    @Test
    void areFollowedWhereTheyGoAndKeptWhileNobodyKnows() {
        try (Lan lan = Lan.open("names")) {
            Host lb = lan.host("lb1", "198.51.100.1/24");
            Host names = lan.host("dns", "198.51.100.53/24");
            Host client = lan.host("client", "198.51.100.200/24");
            Scenario2.serve(lan.host("app1", "198.51.100.11/24"));
            Scenario2.serve(lan.host("app2", "198.51.100.12/24"));
            lb.write("/etc/resolv.conf", "nameserver 198.51.100.53\n");
            names.write("/etc/names", "");
            BuoyDaemon buoy =
                    BuoyDaemon.start(
                            lb,
                            """
                            listeners:
                              http: {bind: ["198.51.100.1:80"], protocol: http, pool: app}
                            pools:
                              app:
                                servers: {app: "app.internal:5000"}
                                health:
                                  external: [/bin/sh, -c, 'echo asked; curl -sf "http://$2:$3/api/health" >/dev/null && echo "$BUOY_POOL/$BUOY_SERVER is well"']
                                  every: 500ms
                                  timeout: 2s
                            """);
            // Nobody answers, and that is no reason not to start.
            await("a server that is down", client, "503/");
            Await.until(
                    PATIENCE,
                    "the reason in the status",
                    () -> buoy.command("status").orFail().contains("name not resolved: "));
            assertThat(buoy.command("status").orFail()).contains("app.internal:5000 = ?");

            Running dnsmasq = nameServer(names);
            names.write("/etc/names", "198.51.100.11 app.internal\n");
            dnsmasq.hangUp();
            await("app1", client, "200/app1");
            assertThat(buoy.command("status").orFail())
                    .contains("app.internal:5000 = 198.51.100.11")
                    .contains("exit 0: app/app is well");

            names.write("/etc/names", "198.51.100.12 app.internal\n");
            dnsmasq.hangUp();
            await("app2", client, "200/app2");
            assertThat(buoy.process().output()).contains(NAME + ": 198.51.100.11 -> 198.51.100.12");

            dnsmasq.kill();
            buoy.process().awaitOutput("(stays at 198.51.100.12)", PATIENCE);
            assertThat(served(client)).isEqualTo("200/app2");
        }
    }
}

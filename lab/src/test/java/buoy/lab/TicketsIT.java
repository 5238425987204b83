package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that begins a session with one host and goes on with the other. */
@BesideOthers
@Needs(
        value = {"openssl", "sslscan"},
        buoy = true)
class TicketsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> VERSIONS = List.of("-tls1_2", "-tls1_3");

    private static String configuration(String tickets) {
        return """
        certificates:
          site: {chain: /etc/buoy/tls/site.crt, key: /etc/buoy/tls/site.key}
        listeners:
          https:
            bind: ["0.0.0.0:443"]
            protocol: http
            tls: {certificates: [site], tickets: %s}
            routes: [{respond: {status: 200, body: "here\\n"}}]
        """
                .formatted(tickets);
    }

    private static String peer(Host self, Host other) {
        return """
        peer: {bind: "%s:8405", others: ["%s:8405"], key-file: /etc/buoy/peer.key}
        """
                .formatted(self.address(), other.address());
    }

    private static void writeKeys(Host host, int... numbers) {
        StringBuilder lines = new StringBuilder();
        for (int number : numbers) {
            lines.append("%064d".formatted(number)).append('\n');
        }
        host.write("/etc/buoy/tickets.keys", lines.toString());
        host.run("chmod", "600", "/etc/buoy/tickets.keys").orFail();
    }

    private static void begin(Host client, Host server, String version) {
        assertThat(request(client, server, version, "-sess_out", "/etc/buoy/session" + version))
                .contains("New, TLSv1");
    }

    private static boolean resumes(Host client, Host server, String version) {
        String said = request(client, server, version, "-sess_in", "/etc/buoy/session" + version);
        assertThat(said).contains("here").containsPattern("(New|Reused), TLSv1");
        return said.contains("Reused, TLSv1");
    }

    private static String request(Host client, Host server, String... options) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "sh",
                                "-c",
                                "printf 'GET / HTTP/1.1\\r\\nHost: app.example.com\\r\\nConnection: close\\r\\n\\r\\n'"
                                        + " | timeout 20 openssl s_client -ign_eof \"$@\"",
                                "s_client",
                                "-connect",
                                server.address() + ":443"));
        command.addAll(List.of(options));
        return client.run(command.toArray(String[]::new)).output();
    }

    @Test
    void whatOneHostBeginsTheOtherResumesByTheSameFile() {
        try (Lan lan = Lan.open("tickets")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            Host client = lan.host("client", "198.51.100.200/24");
            Certificates.install(lan, List.of(lb1, lb2), List.of("DNS:app.example.com"));
            writeKeys(lb1, 1);
            writeKeys(lb2, 1);
            client.makeDirectory("/etc/buoy");
            String configuration =
                    configuration("{keys-file: /etc/buoy/tickets.keys, rotate: 12h}");
            BuoyDaemon first = BuoyDaemon.start(lb1, configuration);
            BuoyDaemon second = BuoyDaemon.start(lb2, configuration);

            for (String version : VERSIONS) {
                begin(client, lb1, version);
                assertThat(resumes(client, lb2, version)).as(version).isTrue();
            }

            // A new key in front, the old one behind it: begun before, resumed after.
            writeKeys(lb2, 2, 1);
            second.process().awaitOutput("tickets have the keys that were read anew", PATIENCE);
            for (String version : VERSIONS) {
                assertThat(resumes(client, lb2, version)).as(version).isTrue();
                begin(client, lb2, version);
                assertThat(resumes(client, lb1, version)).as("unknown key").isFalse();
                begin(client, lb1, version);
            }

            // The old one goes: a whole handshake, and no failure.
            writeKeys(lb2, 2);
            Await.until(
                    PATIENCE,
                    "lb2 has forgotten the old key",
                    () -> !resumes(client, lb2, "-tls1_3"));
            assertThat(resumes(client, lb2, "-tls1_2")).isFalse();

            String accepted = lb1.run("sslscan", "--no-colour", lb1.address() + ":443").orFail();
            assertThat(
                            accepted.lines()
                                    .filter(line -> line.matches("(Accepted|Preferred) .*"))
                                    .map(line -> line.split(" +"))
                                    .map(words -> words[1] + " " + words[4]))
                    .containsExactlyInAnyOrder(
                            "TLSv1.3 TLS_AES_128_GCM_SHA256",
                            "TLSv1.3 TLS_AES_256_GCM_SHA384",
                            "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256",
                            "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256",
                            "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384",
                            "TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305");
            assertThat(accepted).contains("Session renegotiation not supported");
            first.stop();
            second.stop();
        }
    }

    @Test
    void peersNeedNoFileAndPeriodsPassOnBoth() {
        try (Lan lan = Lan.open("ticketspeer")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            Host client = lan.host("client", "198.51.100.200/24");
            Certificates.install(lan, List.of(lb1, lb2), List.of("DNS:app.example.com"));
            client.makeDirectory("/etc/buoy");
            for (Host host : List.of(lb1, lb2)) {
                host.write("/etc/buoy/peer.key", "a secret for this lab, long enough: 4711 0815\n");
            }
            String configuration = configuration("{rotate: 10s}");
            BuoyDaemon first = BuoyDaemon.start(lb1, peer(lb1, lb2) + configuration);
            BuoyDaemon second = BuoyDaemon.start(lb2, peer(lb2, lb1) + configuration);

            for (String version : VERSIONS) {
                begin(client, lb1, version);
                assertThat(resumes(client, lb2, version)).as(version).isTrue();
            }
            for (String version : VERSIONS) {
                Await.until(
                        PATIENCE,
                        "the period of the ticket has passed on lb2",
                        () -> !resumes(client, lb2, version));
                begin(client, lb1, version);
                assertThat(resumes(client, lb2, version)).as("in a later period").isTrue();
            }
            first.stop();
            second.stop();
        }
    }
}

package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Certificates that Buoy orders, from pebble, which asks names as a public CA does. */
@BesideOthers
@Needs(
        value = {"pebble", "openssl"},
        buoy = true)
class AcmeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAME = "app.example.com";

    /** One load balancer, its client and its CA. */
    private record Scene(Lan lan, Host lb, Host ca, Host client) {
        static Scene of(Lan lan) {
            Scene scene =
                    new Scene(
                            lan,
                            lan.host("lb1", "198.51.100.1/24"),
                            lan.host("ca", "198.51.100.250/24"),
                            lan.host("client", "198.51.100.200/24"));
            Pebble.prepare(lan, scene.ca);
            Pebble.trust(lan, scene.lb);
            Pebble.resolve(scene.ca, "198.51.100.1", NAME, "www.example.com", "no.example.com");
            Pebble.resolve(scene.client, "198.51.100.1", NAME);
            return scene;
        }

        String configuration(String certificate) {
            return """
            process: {state-directory: /run/buoy/state}
            certificates:
              site:
                acme:
                  directory: "%s"
                  ca: /etc/buoy/pebble-ca.crt
                  contacts: ["mailto:ops@example.com"]
            %s
            listeners:
              http: {bind: ["0.0.0.0:80"], protocol: http, redirect: https}
              https:
                bind: ["0.0.0.0:443"]
                protocol: http
                tls: {certificates: [site]}
                routes: [{respond: {status: 200, body: "here\\n"}}]
            """
                    .formatted(Pebble.directory(ca), certificate.indent(6));
        }

        /** What the client gets, if it believes the CA. */
        Finished get(String root) {
            client.write("/etc/root.crt", root);
            return client.run(
                    "curl",
                    "--silent",
                    "--show-error",
                    "--max-time",
                    "5",
                    "--cacert",
                    "/etc/root.crt",
                    "https://" + NAME + "/");
        }

        /** Of the certificate that is shown now. */
        String serial() {
            return client.run(
                            "sh",
                            "-c",
                            "openssl s_client -connect 198.51.100.1:443 -servername app.example.com </dev/null"
                                    + " 2>/dev/null | openssl x509 -noout -serial")
                    .orFail();
        }

        void awaitServed(String root) {
            Await.until(PATIENCE, "a certificate of the CA", () -> get(root).exit() == 0);
        }
    }

    @Test
    void isOrderedByHttp01AndOutlivesARestart() {
        try (Lan lan = Lan.open("acmehttp")) {
            Scene scene = Scene.of(lan);
            BuoyDaemon buoy =
                    BuoyDaemon.start(
                            scene.lb,
                            scene.configuration(
                                    """
                                    names: [app.example.com, www.example.com]
                                    challenges: [http-01]
                                    """));
            // The CA is down: Buoy runs and says so, and clients are refused.
            buoy.process().awaitOutput("site: the order failed", PATIENCE);
            Finished refused = scene.get("");
            assertThat(refused.exit()).isNotZero();
            Await.until(
                    PATIENCE,
                    "the failure in the status",
                    () -> buoy.command("status").orFail().contains("failed: "));

            Pebble pebble = Pebble.start(scene.ca, Pebble.Plan.ORDINARY);
            String root = pebble.root();
            scene.awaitServed(root);
            assertThat(scene.get(root).orFail()).isEqualTo("here");
            assertThat(buoy.process().output())
                    .contains("site: issued for app.example.com, www.example.com");
            assertThat(pebble.issued()).isEqualTo(1);
            assertThat(scene.lb.run("sh", "-c", "stat -c %a /run/buoy/state/acme/*.pem").orFail())
                    .isEqualTo("600");

            buoy.stop();
            BuoyDaemon again = BuoyDaemon.start(scene.lb);
            assertThat(scene.get(root).orFail()).isEqualTo("here");
            again.process().awaitOutput("site: renewal at", PATIENCE);
            assertThat(pebble.issued()).isEqualTo(1);
        }
    }

    @Test
    void isOrderedByTlsAlpn01WhereThereIsNoPlainListener() {
        try (Lan lan = Lan.open("acmealpn")) {
            Scene scene = Scene.of(lan);
            Pebble pebble = Pebble.start(scene.ca, Pebble.Plan.ORDINARY);
            String onlyTls =
                    scene.configuration("names: [app.example.com, www.example.com]\n")
                            .replaceAll("(?m)^  http: .*\n", "");
            BuoyDaemon buoy = BuoyDaemon.start(scene.lb, onlyTls);

            scene.awaitServed(pebble.root());
            assertThat(buoy.process().output()).contains("the CA looks by tls-alpn-01");
            assertThat(
                            scene.client
                                    .run(
                                            "sh",
                                            "-c",
                                            "openssl s_client -connect 198.51.100.1:443 -servername app.example.com"
                                                    + " -alpn acme-tls/1 </dev/null 2>/dev/null | openssl x509 -noout -ext"
                                                    + " subjectAltName")
                                    .orFail())
                    .as("nobody is shown a challenge when the order is over")
                    .contains("app.example.com", "www.example.com");
        }
    }

    @Test
    void whatTheCaRefusesIsSaidInItsWordsAndAReloadTriesAgain() {
        try (Lan lan = Lan.open("acmerefused")) {
            Scene scene = Scene.of(lan);
            Pebble pebble = Pebble.start(scene.ca, Pebble.Plan.ORDINARY.blocking("no.example.com"));
            BuoyDaemon buoy =
                    BuoyDaemon.start(
                            scene.lb,
                            scene.configuration("names: [app.example.com, no.example.com]\n"));
            buoy.process().awaitOutput("site: the order failed: rejectedIdentifier: ", PATIENCE);
            Await.until(
                    PATIENCE,
                    "the failure in the status",
                    () ->
                            buoy.command("status")
                                    .orFail()
                                    .contains(
                                            "certificate site: is not there: the last order failed: rejectedIdentifier"));

            // A name that leads nowhere: the CA looks, and finds nobody.
            Pebble.resolve(scene.ca, "198.51.100.99", NAME);
            scene.lb.write(
                    BuoyDaemon.CONFIGURATION, scene.configuration("names: [app.example.com]\n"));
            buoy.command("reload").orFail();
            buoy.process().awaitOutput("site: the order failed: app.example.com: ", PATIENCE);

            Pebble.resolve(scene.ca, "198.51.100.1", NAME);
            // The CA believes for five seconds what it has read in its file of hosts.
            Await.pass(Duration.ofSeconds(6));
            buoy.command("reload").orFail();
            scene.awaitServed(pebble.root());
            Await.until(
                    PATIENCE,
                    "all to be well again",
                    () -> buoy.command("status").orFail().contains("All is well"));
        }
    }

    @Test
    void isRenewedUnderLoadWithoutALostRequest() {
        try (Lan lan = Lan.open("acmerenew")) {
            Scene scene = Scene.of(lan);
            Pebble pebble =
                    Pebble.start(
                            scene.ca,
                            Pebble.Plan.ORDINARY
                                    .living(Duration.ofSeconds(45))
                                    .with("PEBBLE_AUTHZREUSE=0"));
            BuoyDaemon buoy =
                    BuoyDaemon.start(scene.lb, scene.configuration("names: [app.example.com]\n"));
            String root = pebble.root();
            scene.awaitServed(root);
            String first = scene.serial();
            LabClient load =
                    LabClient.start(
                            scene.client,
                            List.of(
                                    "browse",
                                    "https",
                                    "https://" + NAME + "/",
                                    "20",
                                    "/etc/root.crt"));
            Await.until(PATIENCE, "a second certificate", () -> pebble.issued() >= 2);
            Instant issued = Instant.now();
            Await.until(PATIENCE, "it is shown", () -> !scene.serial().equals(first));
            Duration shown = Duration.between(issued, Instant.now());
            Await.pass(Duration.ofSeconds(1));
            Attempts https = load.stop().of("https");
            Figures.say(
                    "renewal under HTTPS: %d of %d requests failed %s; shown %s after it was issued"
                            .formatted(
                                    https.failures().size(),
                                    https.size(),
                                    https.reasons(),
                                    Figures.ms(shown)));
            assertThat(https.size()).isGreaterThan(100);
            assertThat(https.failures().all()).isEmpty();
            assertThat(buoy.process().output()).contains("it is to be renewed");
        }
    }
}

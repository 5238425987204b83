package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the scanners say of the policies that are there without being asked for. */
@BesideOthers
@Needs(
        value = {"openssl", "sslscan", "testssl"},
        buoy = true)
class TlsScanIT {
    private static final String ADDRESS = "198.51.100.1";

    private static void scan(String lan, Consumer<Host> with) {
        try (Lan net = Lan.open(lan)) {
            Host host = net.host("lb1", ADDRESS + "/24");
            Certificates.install(net, List.of(host), List.of("DNS:app.example.com"));
            BuoyDaemon buoy =
                    BuoyDaemon.start(
                            host,
                            """
                            certificates:
                              site: {chain: /etc/buoy/tls/site.crt, key: /etc/buoy/tls/site.key}
                            listeners:
                              default:
                                bind: ["0.0.0.0:443"]
                                protocol: http
                                tls: {certificates: [site]}
                                routes: [{respond: {status: 200, body: "here\\n"}}]
                              modern:
                                bind: ["0.0.0.0:8443"]
                                protocol: http
                                tls: {certificates: [site], policy: modern}
                                routes: [{respond: {status: 200, body: "here\\n"}}]
                            """);
            with.accept(host);
            buoy.stop();
        }
    }

    @Test
    void sslscanFindsTheVersionsAndCiphersOfThePolicyAndNoOther() {
        scan(
                "sslscan",
                host -> {
                    assertThat(accepted(host, 443))
                            .containsExactlyInAnyOrder(
                                    "TLSv1.3 TLS_AES_128_GCM_SHA256",
                                    "TLSv1.3 TLS_AES_256_GCM_SHA384",
                                    "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256",
                                    "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256",
                                    "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384",
                                    "TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305");
                    assertThat(accepted(host, 8443))
                            .containsExactlyInAnyOrder(
                                    "TLSv1.3 TLS_AES_128_GCM_SHA256",
                                    "TLSv1.3 TLS_AES_256_GCM_SHA384",
                                    "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256");
                });
    }

    private static List<String> accepted(Host host, int port) {
        String said = host.run("sslscan", "--no-colour", ADDRESS + ":" + port).orFail();
        assertThat(said)
                .contains(
                        "SSLv2     disabled",
                        "SSLv3     disabled",
                        "TLSv1.0   disabled",
                        "TLSv1.1   disabled",
                        "Session renegotiation not supported",
                        "TLSv1.3 not vulnerable to heartbleed");
        return said.lines()
                .filter(line -> line.startsWith("Accepted") || line.startsWith("Preferred"))
                .map(line -> line.split(" +"))
                .map(words -> words[1] + " " + words[4])
                .toList();
    }

    /**
     * Protocols, ciphers, forward secrecy and every attack it knows; the page is not its business.
     */
    @Test
    void testsslFindsNothingWeak() {
        scan(
                "testssl",
                host -> {
                    Finished scan =
                            host.run(
                                    "testssl",
                                    "--quiet",
                                    "--color",
                                    "0",
                                    "--warnings",
                                    "off",
                                    "--nodns",
                                    "none",
                                    "--jsonfile",
                                    "/etc/buoy/found.json",
                                    "-p",
                                    "-s",
                                    "-f",
                                    "-U",
                                    ADDRESS + ":443");
                    assertThat(scan.output())
                            .contains("TLS 1.3    offered (OK)", "LUCKY13", " Done ");
                    String found = host.run("cat", "/etc/buoy/found.json").orFail();
                    assertThat(found).contains("\"id\"           : \"heartbleed\"");
                    assertThat(found.lines().filter(line -> line.contains("\"severity\"")))
                            .hasSizeGreaterThan(30)
                            .noneMatch(
                                    line -> line.matches(".*(LOW|MEDIUM|HIGH|CRITICAL|FATAL).*"));
                });
    }
}

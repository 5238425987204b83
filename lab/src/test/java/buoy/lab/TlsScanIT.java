package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the scanners say of the policies that are there without being asked for. */
@BesideOthers
@Needs(
        value = {"openssl", "sslscan", "testssl"},
        buoy = true)
class TlsScanIT {
    private static final String ADDRESS = "198.51.100.1";

    /** 48 octets, as `openssl rand -base64 48` prints them. */
    private static final String TICKET_KEYS = "QUJD".repeat(16) + "\n";

    private static final Pattern FINDING =
            Pattern.compile(
                    "\"id\"\\s*:\\s*\"([^\"]+)\".*?\"severity\"\\s*:\\s*\"([^\"]+)\"",
                    Pattern.DOTALL);

    private static void scan(String lan, Consumer<Host> with) {
        try (Lan net = Lan.open(lan)) {
            Host host = net.host("lb1", ADDRESS + "/24");
            Certificates.install(net, List.of(host), List.of("DNS:app.example.com"));
            host.write("/etc/buoy/tickets", TICKET_KEYS);
            host.run("chmod", "600", "/etc/buoy/tickets").orFail();
            BuoyDaemon buoy =
                    BuoyDaemon.start(
                            host,
                            """
                            certificates:
                              site: {chain: /etc/buoy/tls/site.crt, key: /etc/buoy/tls/site.key}
                              rsa: {chain: /etc/buoy/tls/site-rsa.crt, key: /etc/buoy/tls/site-rsa.key}
                            listeners:
                              default:
                                bind: ["0.0.0.0:443"]
                                protocol: http
                                tls: {certificates: [site, rsa]}
                                routes: [{respond: {status: 200, body: "here\\n"}}]
                              tickets:
                                bind: ["0.0.0.0:9443"]
                                protocol: http
                                tls: {certificates: [site, rsa], tickets: {keys-file: /etc/buoy/tickets}}
                                routes: [{respond: {status: 200, body: "here\\n"}}]
                              modern:
                                bind: ["0.0.0.0:8443"]
                                protocol: http
                                tls: {certificates: [site, rsa], policy: modern}
                                routes: [{respond: {status: 200, body: "here\\n"}}]
                            """);
            Certificates.trust(net, host);
            with.accept(host);
            buoy.stop();
        }
    }

    @Test
    void sslscanFindsTheVersionsAndCiphersOfThePolicyAndNoOther() {
        scan(
                "sslscan",
                host -> {
                    // The same by each of the two libraries.
                    for (int port : new int[] {443, 9443}) {
                        assertThat(accepted(host, port))
                                .as("port %d", port)
                                .containsExactlyInAnyOrder(
                                        "TLSv1.3 TLS_AES_128_GCM_SHA256",
                                        "TLSv1.3 TLS_AES_256_GCM_SHA384",
                                        "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256",
                                        "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256",
                                        "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384",
                                        "TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305",
                                        "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256",
                                        "TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384",
                                        "TLSv1.2 ECDHE-RSA-CHACHA20-POLY1305");
                    }
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
     * Protocols, ciphers, forward secrecy, certificates with their chain, and every attack it
     * knows; the page is not its business.
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
                                    "-S",
                                    "--add-ca",
                                    "/etc/buoy-lab/ca.crt",
                                    ADDRESS + ":443");
                    assertThat(scan.output())
                            .contains("TLS 1.3    offered (OK)", "LUCKY13", " Done ");
                    String found = host.run("cat", "/etc/buoy/found.json").orFail();
                    assertThat(found).contains("\"id\"           : \"heartbleed\"");
                    Map<String, String> findings =
                            FINDING.matcher(found)
                                    .results()
                                    .collect(
                                            Collectors.toMap(
                                                    one -> one.group(1),
                                                    one -> one.group(2),
                                                    (one, other) -> one + other));
                    assertThat(findings).hasSizeGreaterThan(60);
                    // Of the scanner's own OpenSSL; of its asking by address; of an authority that
                    // says nowhere what it has revoked.
                    findings.keySet()
                            .removeIf(
                                    id -> id.matches("engine_problem|cert_(trust|revocation) .*"));
                    assertThat(findings)
                            .allSatisfy(
                                    (id, severity) ->
                                            assertThat(severity)
                                                    .as(id)
                                                    .matches("(OK|INFO|DEBUG)+"));
                });
    }
}

package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Chromium over HTTP/2: a page with a hundred assets, and a WebSocket (on a stream, RFC 8441) that
 * two reloads of Buoy do not end. The page says what it sees by what it asks for.
 */
@BesideOthers
@Needs(
        value = {"chromium", "python3", "openssl"},
        buoy = true)
class BrowserIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String LB = "198.51.100.1";

    private static final String PAGE =
            """
            <!doctype html><title>page</title><script>
            const say = what => fetch('/said/' + what, {cache: 'no-store'});
            async function assets() {
              const all = [...Array(100).keys()].map(n => fetch('/asset/' + n + '.txt').then(async r =>
                r.ok && await r.text() === 'asset ' + n + '\\n'));
              const right = (await Promise.all(all)).filter(ok => ok).length;
              const h2 = performance.getEntriesByType('resource').filter(e => e.name.includes('/asset/') && e.nextHopProtocol === 'h2');
              await say('right-' + right + '-h2-' + h2.length);
            }
            function talk() {
              let echoes = 0;
              const socket = new WebSocket('wss://' + location.host + '/ws');
              const tick = () => socket.send('tick ' + echoes);
              socket.onopen = tick;
              socket.onmessage = () => { echoes++; say('echoes-' + echoes); setTimeout(tick, 200); };
              socket.onclose = e => say('closed-' + e.code);
            }
            assets().then(talk, e => say('failed-' + e));
            </script>
            """;

    private static String configuration(int generation) {
        return """
        certificates:
          site: {chain: /etc/buoy/tls/site.crt, key: /etc/buoy/tls/site.key}
        listeners:
          https:
            bind: ["198.51.100.1:443"]
            protocol: http
            tls: {certificates: [site]}
            access-log: {format: '${method} ${uri} ${protocol}', to: /run/buoy-access.log}
            headers: {response: {set: {X-Generation: "%d"}}}
            routes:
              - {match: {path: /ws}, pool: app}
              - pool: files
        pools:
          app: {servers: {app: "198.51.100.11:5000"}}
          files: {servers: {files: "198.51.100.12:5000"}}
        """
                .formatted(generation);
    }

    @Test
    void aPageOfAHundredAssetsAndAWebSocketThroughTwoReloads() {
        try (Lan lan = Lan.open("browser")) {
            Host lb = lan.host("lb", LB + "/24");
            Host app = lan.host("app", "198.51.100.11/24");
            Host files = lan.host("files", "198.51.100.12/24");
            Host client = lan.host("client", "198.51.100.200/24");
            Scenario2.serve(app);
            files.write("/etc/www/index.html", PAGE);
            for (int n = 0; n < 100; n++) {
                files.write("/etc/www/asset/" + n + ".txt", "asset " + n + "\n");
            }
            Running asked =
                    files.start(
                            "files",
                            "python3",
                            "-u",
                            "-m",
                            "http.server",
                            "--directory",
                            "/etc/www",
                            "5000");
            Certificates.install(lan, List.of(lb), List.of("IP:" + LB));
            BuoyDaemon buoy = BuoyDaemon.start(lb, configuration(0));

            Running browser =
                    client.start(
                            "chromium",
                            "chromium",
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--remote-debugging-port=0",
                            "--ignore-certificate-errors",
                            "--user-data-dir=/run/chromium",
                            "https://" + LB + "/");
            asked.awaitOutput("/said/right-", PATIENCE);
            assertThat(asked.output()).contains("/said/right-100-h2-100 ");
            int echoes = awaitEchoes(asked, 3);
            for (int reload = 1; reload <= 2; reload++) {
                lb.write(BuoyDaemon.CONFIGURATION, configuration(reload));
                buoy.command("reload").orFail();
                echoes = awaitEchoes(asked, echoes + 5);
            }
            assertThat(asked.output()).doesNotContain("/said/closed", "/said/failed");
            assertThat(browser.isAlive()).isTrue();
            browser.kill();
            // Written when the WebSocket is over.
            String line =
                    Await.value(
                            PATIENCE,
                            "the WebSocket's line in the access log",
                            () ->
                                    lb.run("cat", "/run/buoy-access.log")
                                            .output()
                                            .lines()
                                            .filter(each -> each.contains(" /ws "))
                                            .findFirst());
            assertThat(line).isEqualTo("GET /ws HTTP/2.0");
            Figures.say(
                    "a browser over HTTP/2: 100 of 100 assets, a WebSocket through two reloads");
        }
    }

    private static int awaitEchoes(Running asked, int count) {
        asked.awaitOutput("/said/echoes-" + count + " ", PATIENCE);
        return count;
    }
}

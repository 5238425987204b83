package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.LogSettings;
import buoy.config.model.Secret;
import buoy.daemon.admin.Answer;
import buoy.daemon.admin.Request;
import buoy.daemon.admin.SameOrigin;
import buoy.daemon.admin.Visitor;
import buoy.daemon.log.Log;
import buoy.daemon.page.Action;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may act from a page, and who may not. */
class ActionsTest {
    private static final String DRAIN = "/api/v1/servers/app/a1/drain";
    private static final String TOKEN = "the-token";
    private static final Map<String, String> BROWSER =
            Map.of(
                    "host",
                    "127.0.0.1:8404",
                    "sec-fetch-site",
                    "same-origin",
                    "x-buoy-token",
                    TOKEN);

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Log log =
            Log.open(
                    new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT),
                    new PrintStream(written, true, StandardCharsets.UTF_8));
    private final WillingCommands commands = new WillingCommands();
    private final buoy.daemon.admin.Handler stats = commands.api().stats(log);

    private static Map<String, String> but(Map<String, String> fields, String... changes) {
        Map<String, String> all = new HashMap<>(fields);
        for (int i = 0; i < changes.length; i += 2) {
            if (changes[i + 1].isEmpty()) {
                all.remove(changes[i]);
            } else {
                all.put(changes[i], changes[i + 1]);
            }
        }
        return all;
    }

    private Answer ask(
            String path, Map<String, String> headers, String body, Optional<String> token) {
        return stats.answer(
                        new Request(
                                "POST",
                                path,
                                headers,
                                body,
                                Optional.of(InetAddress.ofLiteral("203.0.113.7")),
                                Optional.of(new Visitor("ops", token))))
                .toCompletableFuture()
                .join();
    }

    private int asked(Map<String, String> headers) {
        return ask(DRAIN, headers, "", Optional.of(TOKEN)).status();
    }

    private String log() {
        log.close();
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aPageOfOursActsAndTheLogSaysForWhomAndFromWhere() {
        assertThat(asked(BROWSER)).isEqualTo(200);
        assertThat(commands.done).containsExactly("app/a1 DRAIN");
        assertThat(log()).contains("ops from 203.0.113.7 asks: " + DRAIN);
    }

    @Test
    void nothingActsWithoutTheTokenOrFromElsewhere() {
        assertThat(asked(but(BROWSER, "x-buoy-token", ""))).as("no token").isEqualTo(403);
        assertThat(asked(but(BROWSER, "x-buoy-token", "other"))).isEqualTo(403);
        for (String site : List.of("cross-site", "same-site", "none", "")) {
            Map<String, String> headers =
                    but(BROWSER, "sec-fetch-site", site, "origin", "http://evil.example");
            assertThat(asked(headers)).as("from %s", site).isEqualTo(403);
        }
        assertThat(ask(DRAIN, BROWSER, "", Optional.empty()).status())
                .as("where visitors may only look")
                .isEqualTo(405);
        assertThat(commands.done).isEmpty();
        assertThat(log())
                .contains("refused what a browser of ops from 203.0.113.7 asks")
                .doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8404, 127.0.0.1:8404, true",
        "https://lb1.example.org, LB1.example.org, true",
        "http://127.0.0.1:8405, 127.0.0.1:8404, false",
        "null, 127.0.0.1:8404, false",
        "'', '', false",
        "http://, '', true"
    })
    void anOriginIsOursIfItIsTheHostThatWasAsked(String origin, String host, boolean ours) {
        Request request =
                new Request(
                        "POST",
                        DRAIN,
                        Map.of("origin", origin, "host", host),
                        "",
                        Optional.empty(),
                        Optional.empty());
        assertThat(SameOrigin.holds(request)).isEqualTo(ours);
    }

    @Test
    void theAdminSocketMadeAPortServesNoForeignPage() {
        Request foreign =
                new Request(
                        "POST",
                        "/api/v1/stop",
                        Map.of("sec-fetch-site", "cross-site"),
                        "",
                        Optional.empty(),
                        Optional.empty());
        assertThat(commands.api().admin().answer(foreign).toCompletableFuture().join().status())
                .isEqualTo(403);
        assertThat(commands.done).isEmpty();
    }

    private static final Map<String, String> FORM =
            Map.of(
                    "host", "127.0.0.1:8404",
                    "sec-fetch-site", "same-origin",
                    "accept", "text/html,application/xhtml+xml",
                    "content-type", "application/x-www-form-urlencoded");

    @Test
    void withoutScriptAFormActsAndWhatHurtsIsAskedFirst() {
        Optional<String> token = Optional.of(TOKEN);
        assertThat(ask(DRAIN, FORM, "token=" + TOKEN, token).body())
                .contains("<h1>Done</h1>", "app/a1");
        String resign = "/api/v1/routers/web/resign";
        Answer question = ask(resign, FORM, "token=" + TOKEN, token);
        assertThat(question.body()).contains("Have router web resign?", "name=\"sure\"", TOKEN);
        assertThat(question.headers().get("Content-Security-Policy"))
                .contains("form-action 'self'");
        assertThat(commands.done).containsExactly("app/a1 DRAIN");
        ask(resign, FORM, "token=" + TOKEN + "&sure=yes", token);
        String weight = "/api/v1/servers/app/a1/weight";
        assertThat(ask(weight, FORM, "token=" + TOKEN, token).body()).contains("name=\"weight\"");
        ask(weight, FORM, "token=" + TOKEN + "&sure=yes&weight=5%30", token);
        assertThat(commands.done).containsExactly("app/a1 DRAIN", "resign web", "app/a1 weight 50");
        assertThat(ask(DRAIN, FORM, "token=%zz", token).status()).isEqualTo(403);
    }

    @Test
    void aTokenIsOfOneUserWithOnePasswordInOneProcess() {
        Tokens tokens = new Tokens();
        String token = tokens.of("ops", new Secret("hash"));
        assertThat(tokens.of("ops", new Secret("hash"))).isEqualTo(token).hasSizeGreaterThan(40);
        assertThat(
                        List.of(
                                tokens.of("ops", new Secret("other")),
                                tokens.of("dev", new Secret("hash")),
                                new Tokens().of("ops", new Secret("hash"))))
                .doesNotContain(token);
        assertThat(Tokens.equal(token, token)).isTrue();
        assertThat(Tokens.equal(token, "")).isFalse();
    }

    @Test
    void everyActionIsFoundByItsPath() {
        assertThat(Action.at("/api/v1/pools/app/resume"))
                .contains(new Action.On(Action.RESUME_POOL, "app"));
        assertThat(Action.at("/api/v1/listeners/web/pause"))
                .contains(new Action.On(Action.PAUSE_LISTENER, "web"));
        assertThat(Action.at("/api/v1/servers/app/a1/weight"))
                .contains(new Action.On(Action.WEIGHT, "app/a1"));
        assertThat(Action.at("/api/v1/pools//resume")).isEmpty();
        assertThat(Action.at("/api/v1/pools/resume")).isEmpty();
        assertThat(Action.at("/api/v1/stop")).isEmpty();
    }
}

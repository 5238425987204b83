package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** HTTP-01 (RFC 8555 8.3): a CA is answered before any route, and nobody else is. */
class ChallengeTest {
    private static final String PATH = "/.well-known/acme-challenge/";

    @Test
    void aCaIsAnsweredOnAListenerThatRedirectsEverythingElse() throws Exception {
        Proxy.Setup setup =
                new Proxy.Setup().route(Listener.Match.ANY, new Listener.Action.RedirectToHttps());
        setup.challenges.answer(Map.of("token-1_A", "token-1_A.thumb"), Map.of());
        try (Proxy proxy = setup.start();
                Caller caller = proxy.call()) {
            assertThat(caller.get(PATH + "token-1_A").response())
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\n\ntoken-1_A.thumb");
            assertThat(caller.get(PATH + "other").response()).startsWith("HTTP/1.1 308 ");
            assertThat(caller.get(PATH).response()).startsWith("HTTP/1.1 308 ");
            assertThat(caller.get(PATH + "token-1_A/").response()).startsWith("HTTP/1.1 308 ");
            assertThat(caller.get("/").response()).startsWith("HTTP/1.1 308 ");

            setup.challenges.answer(Map.of(), Map.of());
            assertThat(caller.get(PATH + "token-1_A").response()).startsWith("HTTP/1.1 308 ");
        }
    }

    @Test
    void whatItIsNotToldOfGoesToTheServers() throws Exception {
        try (Origin origin = Origin.answering("from the server")) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.challenges.answer(Map.of("mine", "mine.thumb"), Map.of());
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                assertThat(caller.get(PATH + "theirs").response()).endsWith("from the server");
                assertThat(caller.get(PATH + "mine").response()).endsWith("mine.thumb");
            }
        }
    }
}

package buoy.daemon.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import buoy.config.model.Certificate.Acme;
import buoy.daemon.acme.plan.Failure;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A CA that believes everything and breaks at one address. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AuthorityTest {
    private static final String NAME = "app.example.com";

    private final AtomicInteger nonces = new AtomicInteger();
    private volatile String broken = "";
    private HttpServer server;
    private String base;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void answer(HttpExchange asked) throws IOException {
        try (asked) {
            String path = asked.getRequestURI().getPath();
            asked.getRequestBody().readAllBytes();
            asked.getResponseHeaders().set("Replay-Nonce", "nonce" + nonces.incrementAndGet());
            if (path.equals(broken)) {
                asked.sendResponseHeaders(502, -1);
                return;
            }
            asked.getResponseHeaders().set("Content-Type", "application/json");
            String text =
                    switch (path) {
                        case "/dir" ->
                                "{'newNonce':'B/nonce','newAccount':'B/account','newOrder':'B/order'}";
                        case "/account" -> "{'status':'valid'}";
                        case "/order" ->
                                "{'status':'ready','identifiers':[{'type':'dns','value':'app.example.com'}],"
                                        + "'authorizations':[],'finalize':'B/finalize'}";
                        default -> "";
                    };
            asked.getResponseHeaders().set("Location", base + path);
            byte[] bytes =
                    text.replace('\'', '"')
                            .replace("B/", base + "/")
                            .getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0) {
                asked.sendResponseHeaders(200, -1);
            } else {
                asked.sendResponseHeaders(path.equals("/dir") ? 200 : 201, bytes.length);
                asked.getResponseBody().write(bytes);
            }
        }
    }

    private Failure failure(String where) throws Exception {
        broken = where;
        Acme wanted =
                new Acme(
                        "site",
                        base + "/dir",
                        List.of(NAME),
                        List.of(),
                        Acme.KeyType.EC256,
                        List.of(Acme.Challenge.HTTP_01),
                        Optional.empty(),
                        Path.of("site.pem"));
        Authority authority = new Authority(wanted, Keys.account(), SSLContext.getDefault());
        return catchThrowableOfType(
                        OrderFailed.class, () -> authority.order(Acme.Challenge.HTTP_01, _ -> {}))
                .failure();
    }

    @Test
    void whatBreaksBeforeItWasAskedToSignCostsNothing() throws Exception {
        assertThat(failure("/order")).isInstanceOf(Failure.Unreachable.class);
    }

    @Test
    void whatBreaksAfterItWasAskedToSignMayHaveBeenIssued() throws Exception {
        assertThat(failure("/finalize"))
                .isInstanceOf(Failure.Refused.class)
                .satisfies(why -> assertThat(why.words()).startsWith("after the CA was asked"));
    }
}

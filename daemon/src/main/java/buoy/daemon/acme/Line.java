package buoy.daemon.acme;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/**
 * How acme4j reaches a CA: with a client of ours, which trusts whom the operator says, and reads no
 * more than an answer may have.
 */
final class Line extends GenericAcmeProvider implements AutoCloseable {
    private static final Duration TO_CONNECT = Duration.ofSeconds(10);

    /** A chain of many certificates is a tenth of it. */
    private static final long MAX_ANSWER = 1 << 20;

    private final HttpClient client;

    Line(SSLContext trust) {
        client =
                HttpClient.newBuilder()
                        .sslContext(trust)
                        .connectTimeout(TO_CONNECT)
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    @Override
    public HttpClient createHttpClient(NetworkSettings settings) {
        return client;
    }

    @Override
    public Connection connect(URI server, NetworkSettings settings, HttpClient with) {
        return new Bounded(createHttpConnector(settings, with));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private static final class Bounded extends DefaultConnection {
        Bounded(HttpConnector connector) {
            super(connector);
        }

        @Override
        protected void sendRequest(
                Session session, java.net.URL url, Consumer<HttpRequest.Builder> body)
                throws IOException {
            HttpRequest.Builder request =
                    httpConnector
                            .createRequestBuilder(url)
                            .setHeader("User-Agent", "buoy " + HttpConnector.defaultUserAgent())
                            .header("Accept-Language", session.getLanguageHeader());
            body.accept(request);
            try {
                lastResponse =
                        httpClient.send(
                                request.build(),
                                HttpResponse.BodyHandlers.limiting(
                                        HttpResponse.BodyHandlers.ofInputStream(), MAX_ANSWER));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}

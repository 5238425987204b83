package buoy.tls;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches OCSP responses for certificates that name a responder, ahead of time and on threads of
 * its own: a handshake never waits for one. What cannot be had leaves the last one, while it is
 * valid.
 */
public final class Stapling implements AutoCloseable {
    /** Of one fetch, with all that belongs to it. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Responses have 300 to 4,000 octets. */
    private static final int MOST = 64 * 1024;

    /** At a start with thousands of certificates, no more go out at once. */
    private final Semaphore at = new Semaphore(4);

    private final Queue<CertificateEvent> news = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(PATIENCE)
                    .executor(threads)
                    .build();

    /**
     * Begins to fetch what is due for what these show.
     *
     * @return what is new since the last look
     */
    public List<CertificateEvent> look(Collection<ServerTls> listeners, Instant now) {
        Set<Identity> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
        listeners.forEach(each -> wanted.addAll(each.stapled()));
        for (Identity identity : wanted) {
            identity.staple()
                    .due(now)
                    .ifPresent(question -> threads.execute(() -> fetch(identity, question)));
        }
        List<CertificateEvent> told = new ArrayList<>();
        for (CertificateEvent next = news.poll(); next != null; next = news.poll()) {
            told.add(next);
        }
        return told;
    }

    void fetch(Identity identity, Staple.Question question) {
        String name = identity.certificate();
        Staple staple = identity.staple();
        boolean first = staple.response() == null;
        try {
            byte[] response = ask(question);
            X509Certificate own = question.certificate();
            switch (Ocsp.judge(response, own, question.issuer())) {
                case Ocsp.Verdict.Good(var until) -> {
                    if (first || staple.failures() > 0) {
                        news.add(new CertificateEvent.Stapled(name, until));
                    }
                    staple.answered(response, until, Instant.now());
                }
                case Ocsp.Verdict.Revoked(var why) -> {
                    if (staple.failures() == 0) {
                        news.add(new CertificateEvent.Revoked(name, why));
                    }
                    staple.failed(false, Instant.now());
                }
                case Ocsp.Verdict.Unusable(var why) -> failed(identity, question, why);
            }
        } catch (IOException | TimeoutException | RuntimeException e) {
            // Whatever it was, of the network's making: else nobody would ever ask again.
            failed(identity, question, String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the end of the process
        }
    }

    /** Said once, until it went well in between. */
    private void failed(Identity identity, Staple.Question question, String why) {
        Staple staple = identity.staple();
        if (staple.failures() == 0) {
            news.add(
                    new CertificateEvent.NotStapled(
                            identity.certificate(),
                            question.responder() + ": " + why,
                            staple.response() != null));
        }
        staple.failed(true, Instant.now());
    }

    private byte[] ask(Staple.Question question)
            throws IOException, TimeoutException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(question.responder())
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/ocsp-request")
                        .header("Accept", "application/ocsp-response")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        Ocsp.request(question.certificate(), question.issuer())))
                        .build();
        at.acquire();
        try {
            CompletableFuture<HttpResponse<byte[]>> asked =
                    http.sendAsync(
                            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST));
            try {
                HttpResponse<byte[]> response = asked.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
                if (response.statusCode() != 200) {
                    throw new IOException("it answered with status " + response.statusCode());
                }
                return response.body();
            } catch (TimeoutException _) {
                asked.cancel(true);
                throw new TimeoutException("no answer within " + PATIENCE.toSeconds() + " s");
            } catch (ExecutionException e) {
                throw new IOException(ClientTls.words(e), e);
            }
        } finally {
            at.release();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        threads.shutdownNow();
    }
}

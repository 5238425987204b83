package buoy.daemon.acme;

import buoy.config.model.Certificate.Acme;
import buoy.daemon.acme.plan.Failure;
import buoy.daemon.acme.plan.Proofs;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.shredzone.acme4j.Account;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** Orders one certificate from a CA: the whole conversation of RFC 8555 7.1, on one thread. */
final class Authority {
    /** For the CA to look at one name, and to sign. CAs answer within seconds. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Acme wanted;
    private final KeyPair account;
    private final SSLContext trust;

    /** Whether the CA was asked to sign: it may have issued from then on, and count it. */
    private boolean signing;

    /**
     * @param account the account's key; the account itself is made where there is none yet
     * @param trust believes the CA's own certificate
     */
    Authority(Acme wanted, KeyPair account, SSLContext trust) {
        this.wanted = wanted;
        this.account = account;
        this.trust = trust;
    }

    /** What came of an order. */
    record Issued(List<X509Certificate> chain, KeyPair key) {
        Issued {
            chain = List.copyOf(chain);
        }
    }

    /**
     * Waits, for minutes if the CA does. Can be interrupted.
     *
     * @param proofs told what the CA is to be answered from now on
     */
    Issued order(Acme.Challenge challenge, Consumer<Proofs> proofs)
            throws OrderFailed, InterruptedException {
        try (Line line = new Line(trust)) {
            return order(new Session(URI.create(wanted.directory()), line), challenge, proofs);
        } catch (AcmeLazyLoadingException e) {
            throw e.getCause() instanceof AcmeException cause ? ended(failed(cause)) : refused(e);
        } catch (AcmeException e) {
            throw ended(failed(e));
        } catch (InterruptedException e) {
            if (signing) {
                throw new OrderFailed(
                        new Failure.Refused("broken off after the CA was asked to sign"), e);
            }
            throw e;
        } catch (AcmeProtocolException e) {
            throw refused(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java makes these keys", e);
        }
    }

    private Issued order(Session session, Acme.Challenge challenge, Consumer<Proofs> proofs)
            throws AcmeException, OrderFailed, GeneralSecurityException, InterruptedException {
        // What it says is for the log, in one language.
        session.setLocale(Locale.ENGLISH);
        Order order = login(session).newOrder().domains(wanted.names()).create();
        proveControl(order, challenge, proofs);
        if (order.waitUntilReady(PATIENCE) == Status.INVALID) {
            throw refused(order.getError());
        }
        KeyPair key = Keys.of(wanted.keyType());
        signing = true;
        order.execute(key);
        if (order.waitForCompletion(PATIENCE) != Status.VALID) {
            throw refused(order.getError());
        }
        return new Issued(order.getCertificate().getCertificateChain(), key);
    }

    private Login login(Session session) throws AcmeException {
        AccountBuilder builder = new AccountBuilder().useKeyPair(account).agreeToTermsOfService();
        wanted.contacts().forEach(builder::addContact);
        Login login = builder.createLogin(session);
        List<URI> contacts = wanted.contacts().stream().map(URI::create).toList();
        if (!login.getAccount().getContacts().equals(contacts)) {
            Account.EditableAccount change = login.getAccount().modify();
            change.getContacts().clear();
            change.getContacts().addAll(contacts);
            change.commit();
        }
        return login;
    }

    /** RFC 8555 7.5: those names alone that the CA does not believe already. */
    private static void proveControl(Order order, Acme.Challenge kind, Consumer<Proofs> proofs)
            throws AcmeException, OrderFailed, InterruptedException {
        Map<String, Challenge> open = new HashMap<>();
        Map<String, String> http = new HashMap<>();
        Map<String, String> tls = new HashMap<>();
        List<Authorization> waiting = new ArrayList<>();
        for (Authorization each : order.getAuthorizations()) {
            if (each.getStatus() != Status.PENDING) {
                continue;
            }
            String name = each.getIdentifier().getDomain();
            Challenge challenge =
                    switch (kind) {
                        case HTTP_01 -> {
                            Http01Challenge found =
                                    found(each.findChallenge(Http01Challenge.class), kind, name);
                            http.put(found.getToken(), found.getAuthorization());
                            yield found;
                        }
                        case TLS_ALPN_01 -> {
                            TlsAlpn01Challenge found =
                                    found(each.findChallenge(TlsAlpn01Challenge.class), kind, name);
                            tls.put(
                                    name.toLowerCase(Locale.ROOT),
                                    HexFormat.of().formatHex(found.getAcmeValidation()));
                            yield found;
                        }
                    };
            open.put(name, challenge);
            waiting.add(each);
        }
        proofs.accept(new Proofs(http, tls));
        for (Challenge each : open.values()) {
            each.trigger();
        }
        for (Authorization each : waiting) {
            if (each.waitForCompletion(PATIENCE) == Status.INVALID) {
                String name = each.getIdentifier().getDomain();
                Optional<Problem> why =
                        each.getChallenges().stream()
                                .flatMap(challenge -> challenge.getError().stream())
                                .findFirst();
                throw new OrderFailed(
                        new Failure.Refused(
                                "%s: %s"
                                        .formatted(
                                                name,
                                                why.map(Authority::words)
                                                        .orElse("the CA does not believe it"))));
            }
        }
    }

    private static <T> T found(Optional<T> challenge, Acme.Challenge kind, String name)
            throws OrderFailed {
        return challenge.orElseThrow(
                () ->
                        new OrderFailed(
                                new Failure.Refused(
                                        "%s: the CA does not offer the challenge %s"
                                                .formatted(name, kind))));
    }

    // --- failures

    private OrderFailed ended(OrderFailed failed) {
        return signing && failed.failure() instanceof Failure.Unreachable(var words)
                ? new OrderFailed(
                        new Failure.Refused("after the CA was asked to sign: " + words), failed)
                : failed;
    }

    private static OrderFailed failed(AcmeException e) {
        return switch (e) {
            case AcmeRateLimitedException limited ->
                    new OrderFailed(
                            new Failure.Limited(
                                    words(limited.getProblem()), limited.getRetryAfter()),
                            e);
            case AcmeServerException server ->
                    new OrderFailed(new Failure.Refused(words(server.getProblem())), e);
            case AcmeNetworkException _ ->
                    new OrderFailed(new Failure.Unreachable(rootWords(e)), e);
            // An answer that is no problem document, such as a proxy's 502, or none in time.
            default -> new OrderFailed(new Failure.Unreachable(rootWords(e)), e);
        };
    }

    private static OrderFailed refused(RuntimeException e) {
        return new OrderFailed(new Failure.Refused(rootWords(e)), e);
    }

    private static OrderFailed refused(Optional<Problem> problem) {
        return new OrderFailed(
                new Failure.Refused(
                        problem.map(Authority::words).orElse("the order failed without a reason")));
    }

    /** The problem document (RFC 7807) as a sentence: its kind, and what the CA has to say. */
    private static String words(Problem problem) {
        String type = problem.getType().toString();
        return printable(type.substring(type.lastIndexOf(':') + 1) + ": " + problem);
    }

    private static String rootWords(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return printable(
                message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message);
    }

    /** What came over the network goes into a log: on one line, and not without end. */
    private static String printable(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= 500 ? line : line.substring(0, 500) + "...";
    }
}

package buoy.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Judges the certificates of clients. The JDK does as far as signatures, constraints and purpose go
 * (RFC 5280 6); whether one is revoked is looked up here, in lists whose signatures were checked
 * when they were read: the JDK would check them with every client again.
 */
final class TrustClients implements X509TrustManager {
    /** Of the subject as text; whoever needs more is not the client of a balancer. */
    private static final int LONGEST_SUBJECT = 2048;

    private final List<X509CRL> revoked;
    private final X509TrustManager jdk;

    TrustClients(ClientTrust trust) {
        this.revoked = trust.revoked();
        this.jdk = trusting(trust.authorities());
    }

    /** The JDK's judge of whoever these authorities vouch for. */
    static X509TrustManager trusting(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority " + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return Stream.of(factory.getTrustManagers())
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("checked certificates were refused", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType)
            throws CertificateException {
        Instant now = Instant.now();
        X509Certificate own = chain[0];
        checkLifetime(own, now);
        try {
            jdk.checkClientTrusted(chain, keyType);
        } catch (CertificateException e) {
            throw new ClientRefused(
                    TlsOutcome.Reason.CLIENT_CERTIFICATE_UNTRUSTED,
                    subject(own) + ": " + e.getMessage());
        }
        checkRevoked(chain);
        checkCovered(own, revoked, now);
        if (ClientSubject.text(own.getSubjectX500Principal()).length() > LONGEST_SUBJECT) {
            throw new ClientRefused(
                    TlsOutcome.Reason.CLIENT_CERTIFICATE_UNTRUSTED,
                    "its subject is longer than " + LONGEST_SUBJECT);
        }
    }

    /** A session that is resumed may have outlived the certificate it was begun with. */
    static void checkLifetime(X509Certificate own, Instant now) throws ClientRefused {
        Instant from = own.getNotBefore().toInstant();
        Instant until = own.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(until)) {
            throw new ClientRefused(
                    TlsOutcome.Reason.CLIENT_CERTIFICATE_EXPIRED,
                    "%s is valid from %s until %s".formatted(subject(own), from, until));
        }
    }

    private void checkRevoked(X509Certificate[] chain) throws ClientRefused {
        for (X509CRL list : revoked) {
            for (X509Certificate each : chain) {
                if (list.isRevoked(each)) {
                    throw new ClientRefused(
                            TlsOutcome.Reason.CLIENT_CERTIFICATE_REVOKED,
                            subject(each) + " is revoked");
                }
            }
        }
    }

    /**
     * Without a list that covers the client's own certificate it is refused, not believed. A
     * session that is resumed may have outlived the list it was begun with.
     *
     * @param lists empty is not to look
     */
    static void checkCovered(X509Certificate own, List<X509CRL> lists, Instant now)
            throws ClientRefused {
        if (!lists.isEmpty() && lists.stream().noneMatch(list -> covers(list, own, now))) {
            throw new ClientRefused(
                    TlsOutcome.Reason.CLIENT_CERTIFICATE_REVOKED,
                    "no current list tells whether %s is revoked".formatted(subject(own)));
        }
    }

    private static boolean covers(X509CRL list, X509Certificate own, Instant now) {
        return list.getIssuerX500Principal().equals(own.getIssuerX500Principal())
                && (list.getNextUpdate() == null || now.isBefore(list.getNextUpdate().toInstant()));
    }

    private static String subject(X509Certificate certificate) {
        return ClientSubject.text(certificate.getSubjectX500Principal());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("this side is the server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return jdk.getAcceptedIssuers();
    }
}

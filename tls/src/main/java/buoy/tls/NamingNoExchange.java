package buoy.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The JDK's trust manager as Conscrypt's engine can ask it. How keys are exchanged says nothing of
 * a certificate since TLS 1.3: Conscrypt calls that {@code GENERIC} and the JDK {@code UNKNOWN},
 * and each refuses the other's word.
 */
final class NamingNoExchange extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager jdk;

    NamingNoExchange(X509ExtendedTrustManager jdk) {
        this.jdk = jdk;
    }

    private static String named(String exchange) {
        return exchange.equals("GENERIC") ? "UNKNOWN" : exchange;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String exchange, SSLEngine engine)
            throws CertificateException {
        jdk.checkServerTrusted(chain, named(exchange), engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String exchange, Socket socket)
            throws CertificateException {
        jdk.checkServerTrusted(chain, named(exchange), socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String exchange)
            throws CertificateException {
        jdk.checkServerTrusted(chain, named(exchange));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String exchange, SSLEngine engine)
            throws CertificateException {
        jdk.checkClientTrusted(chain, exchange, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String exchange, Socket socket)
            throws CertificateException {
        jdk.checkClientTrusted(chain, exchange, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String exchange)
            throws CertificateException {
        jdk.checkClientTrusted(chain, exchange);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return jdk.getAcceptedIssuers();
    }
}

package buoy.lb.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.config.model.Certificate;
import buoy.config.model.ListenerTls;
import buoy.config.model.PoolTls;
import buoy.lb.Secured;
import buoy.lb.listen.Securing;
import buoy.lb.pool.Protection;
import buoy.tls.Certificates;
import buoy.tls.ClientTls;
import buoy.tls.Loading;
import buoy.tls.ServerTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority in a directory, made with openssl, and what speaks TLS with it. */
public final class Authority {
    private final Path directory;

    public Authority(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        shell(
                """
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
                    -keyout ca.key -out ca.crt -subj '/CN=test authority'
                """);
    }

    public Path ca() {
        return file("ca.crt");
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /**
     * Signs NAME.crt (with the authority's behind it) for NAME.key; NAME.p12 has both.
     *
     * @param names such as {@code DNS:db.example,IP:127.0.0.1}
     */
    public Certificate.Pair pair(String name, String names)
            throws IOException, InterruptedException {
        shell(
                """
                openssl req -new -newkey rsa:2048 -nodes -keyout %1$s.key -out %1$s.csr -subj /CN=%1$s
                printf 'subjectAltName=%2$s\n' >%1$s.ext
                openssl x509 -req -in %1$s.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile %1$s.ext -out %1$s.own
                cat %1$s.own ca.crt >%1$s.crt
                chmod 600 %1$s.key
                openssl pkcs12 -export -in %1$s.crt -inkey %1$s.key -out %1$s.p12 -passout pass:test
                """
                        .formatted(name, names));
        return new Certificate.Pair(name, file(name + ".crt"), file(name + ".key"));
    }

    private void shell(String script) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("sh", "-ec", script)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** Speaks TLS with clients, as a listener does. */
    public static Securing listener(Certificate shown, String... alpn) {
        return listener(shown, Optional.empty(), alpn);
    }

    /** The same with a choice of certificates. */
    public static Securing listener(List<Certificate> shown, String... alpn) {
        return listener(shown, Optional.empty(), alpn);
    }

    /**
     * The same with clients that may show certificates.
     *
     * @param clients which
     */
    public static Securing listener(
            Certificate shown, Optional<ListenerTls.ClientCertificates> clients, String... alpn) {
        return listener(List.of(shown), clients, alpn);
    }

    private static Securing listener(
            List<Certificate> shown,
            Optional<ListenerTls.ClientCertificates> clients,
            String... alpn) {
        Map<String, Certificate> named = new LinkedHashMap<>();
        shown.forEach(each -> named.put(each.name(), each));
        ListenerTls settings =
                new ListenerTls(
                        List.copyOf(named.keySet()),
                        ListenerTls.Policy.INTERMEDIATE,
                        Optional.empty(),
                        List.of(alpn),
                        ListenerTls.UnknownNames.DEFAULT,
                        clients,
                        true,
                        Optional.empty());
        Certificates read =
                Certificates.read(named, settings.certificates(), Instant.now(), Optional.empty());
        if (!(ServerTls.load(
                        "listener",
                        settings,
                        read,
                        Optional.empty(),
                        Instant.now(),
                        Optional.empty())
                instanceof Loading.Ready<ServerTls>(var tls, _))) {
            throw new AssertionError("the certificate is refused");
        }
        return tls::install;
    }

    /** Speaks TLS with servers that this authority vouches for and that are called so. */
    public ClientTls towards(String serverName) {
        return towards(serverName, Optional.empty());
    }

    /**
     * As {@link #towards(String)}, with a certificate of ours.
     *
     * @param shown to servers that ask for it
     */
    public ClientTls towards(String serverName, Optional<Certificate> shown) {
        PoolTls settings =
                new PoolTls(
                        true,
                        Optional.of(ca()),
                        Optional.of(serverName),
                        shown.map(Certificate::name));
        Map<String, Certificate> certificates =
                shown.map(each -> Map.of(each.name(), each)).orElse(Map.of());
        if (!(ClientTls.load("pools.test.tls", settings, certificates, Instant.now())
                instanceof Loading.Ready<ClientTls>(var tls, _))) {
            throw new AssertionError("the authority is refused");
        }
        return tls;
    }

    /** TLS with the servers of one pool, checks included. */
    public static Secured towards(String pool, ClientTls tls) {
        return new Secured(
                Map.of(), Map.of(pool, new Protection(Optional.of(tls), Optional.of(tls))));
    }

    /** The service behind the JDK's TLS, with the certificate called so. */
    public TestServer.Service serving(String name, TestServer.Service service)
            throws IOException, GeneralSecurityException {
        SSLContext context = context(Optional.of(name));
        return socket -> {
            try (SSLSocket secured =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, null, true)) {
                service.serve(secured);
            }
        };
    }

    /** The JDK's client on a connection; the peer has to be called so. */
    public SSLSocket client(Socket socket, String peer, String... alpn)
            throws IOException, GeneralSecurityException {
        SSLSocket secured =
                (SSLSocket)
                        context(Optional.empty())
                                .getSocketFactory()
                                .createSocket(socket, peer, socket.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(alpn);
        secured.setSSLParameters(parameters);
        return secured;
    }

    /** The JDK's, for test servers and clients: shows NAME if given, trusts this authority. */
    public SSLContext context(Optional<String> name) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(ca())) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (name.isPresent()) {
            try (InputStream in = Files.newInputStream(file(name.get() + ".p12"))) {
                own.load(in, "test".toCharArray());
            }
        }
        keys.init(own, "test".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}

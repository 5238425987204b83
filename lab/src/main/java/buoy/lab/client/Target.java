package buoy.lab.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Where an HTTP client goes.
 *
 * @param tls how, if encrypted
 */
record Target(URI uri, Optional<SSLContext> tls) {
    static Target of(String url, Optional<Path> authority) throws IOException {
        URI uri = URI.create(url);
        if (!uri.getScheme().equals("https")) {
            return new Target(uri, Optional.empty());
        }
        Path path =
                authority.orElseThrow(() -> new IOException("https needs an authority to trust"));
        return new Target(uri, Optional.of(Trust.in(path)));
    }

    String path() {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath()) + query;
    }

    int port() {
        if (uri.getPort() > 0) {
            return uri.getPort();
        }
        return tls.isPresent() ? 443 : 80;
    }

    /** A new connection, secured if it should be; the certificate must name the host. */
    Socket connect(int connectMillis, int readMillis) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(uri.getHost(), port()), connectMillis);
            socket.setSoTimeout(readMillis);
            return tls.isPresent() ? secured(socket, tls.get()) : socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private Socket secured(Socket socket, SSLContext context) throws IOException {
        SSLSocket secured =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(socket, uri.getHost(), port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }
}

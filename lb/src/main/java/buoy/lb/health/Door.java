package buoy.lb.health;

import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.Pool.Protocol;
import buoy.config.model.Pool.SendProxy;
import buoy.config.model.ServerAddress;
import buoy.config.model.UnixPath;
import buoy.lb.proxy.ProxyHeader;
import buoy.lb.worker.From;
import buoy.tls.ClientTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;

/**
 * How checks come to one server.
 *
 * @param server as configured, with the port where it does its work
 * @param at where it is now
 * @param tls for connections made now; empty means in clear
 * @param sendProxy how the server is told, on the port where it does its work, that connections
 *     made now are our own
 * @param protocol what the server speaks where it does its work, on connections made now
 * @param from the address that connections made now come from; empty leaves it to the kernel, and
 *     so does one of another family
 */
record Door(
        ServerAddress server,
        Location at,
        Supplier<Optional<ClientTls>> tls,
        Supplier<Optional<SendProxy>> sendProxy,
        Supplier<Protocol> protocol,
        Supplier<Optional<From>> from) {
    /** IANA's name of PostgreSQL's protocol. */
    private static final List<String> POSTGRESQL = List.of("postgresql");

    /** {@code SSLRequest} (PostgreSQL documentation, "Message Formats"). */
    private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 0x04, (byte) 0xd2, 0x16, 0x2f};

    /**
     * What holds for connections made now: one that was made under other terms is no proof any
     * more.
     */
    record Terms(
            Optional<ClientTls> tls,
            Optional<SendProxy> sendProxy,
            Protocol protocol,
            Optional<From> from) {}

    Terms terms() {
        return new Terms(tls.get(), sendProxy.get(), protocol.get(), from.get());
    }

    /** A connection as it is. */
    Socket connect(int port, Patience patience) throws IOException {
        Socket socket = reach(port, patience);
        try {
            Optional<SendProxy> version = sendProxy.get();
            if (port == server.port() && version.isPresent()) {
                socket.getOutputStream().write(ProxyHeader.write(version.get(), null));
            }
            return socket;
        } catch (IOException refusal) {
            socket.close();
            throw refusal;
        }
    }

    private Socket reach(int port, Patience patience) throws IOException {
        return switch (at) {
            case UnixPath path -> UnixSocket.connect(path, patience.millisLeft());
            case Endpoint(var address, int _) -> {
                Socket socket = new Socket();
                try {
                    socket.setTcpNoDelay(true);
                    InetSocketAddress to = new InetSocketAddress(address, port);
                    Optional<From> own = from.get().filter(one -> one.fits(to));
                    if (own.isPresent()) {
                        socket.bind(new InetSocketAddress(own.get().address(), 0));
                    }
                    socket.connect(to, patience.millisLeft());
                    yield socket;
                } catch (IOException refusal) {
                    socket.close();
                    throw refusal;
                }
            }
        };
    }

    /** A connection for HTTP, within TLS where that is wanted. */
    Socket http(int port, Patience patience) throws IOException {
        Socket plain = connect(port, patience);
        Optional<ClientTls> with = tls.get();
        return with.isEmpty()
                ? plain
                : secure(plain, with.get(), List.of("http/1.1"), port, patience);
    }

    /** A connection for HTTP/2, within TLS where that is wanted, and agreed there. */
    Socket http2(int port, Patience patience) throws IOException {
        Socket plain = connect(port, patience);
        Optional<ClientTls> with = tls.get();
        if (with.isEmpty()) {
            return plain;
        }
        Socket secured = secure(plain, with.get(), List.of("h2"), port, patience);
        if (!"h2".equals(((SSLSocket) secured).getApplicationProtocol())) {
            secured.close();
            throw new IOException("TLS: the server does not choose h2");
        }
        return secured;
    }

    /** A connection for PostgreSQL, within TLS where that is wanted. */
    Socket postgres(int port, Patience patience) throws IOException {
        Socket plain = connect(port, patience);
        Optional<ClientTls> with = tls.get();
        if (with.isEmpty()) {
            return plain;
        }
        try {
            plain.setSoTimeout(patience.millisLeft());
            plain.getOutputStream().write(SSL_REQUEST);
            InputStream in = plain.getInputStream();
            int answer = in.read();
            if (answer != 'S') {
                throw new IOException(
                        answer < 0
                                ? "the server closed the connection"
                                : "the server speaks no TLS (is ssl on there?)");
            }
            if (in.available() > 0) {
                throw new IOException(
                        "something on the way to the server meddles (CVE-2021-23222)");
            }
        } catch (IOException refusal) {
            plain.close();
            throw refusal;
        }
        return secure(plain, with.get(), POSTGRESQL, port, patience);
    }

    /** The handshake is within the patience; later reads wait for as long as they want. */
    private Socket secure(
            Socket plain, ClientTls with, List<String> alpn, int port, Patience patience)
            throws IOException {
        try {
            plain.setSoTimeout(patience.millisLeft());
            Socket secured = with.secure(plain, server.at(port), alpn);
            secured.setSoTimeout(0);
            return secured;
        } catch (IOException refusal) {
            plain.close();
            throw refusal instanceof java.net.SocketTimeoutException
                    ? refusal
                    : new IOException("TLS: " + ClientTls.words(refusal), refusal);
        }
    }
}

package buoy.daemon.peer;

import buoy.daemon.peer.wire.Frames;
import buoy.daemon.peer.wire.Message;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A connection between two hosts that have proved to know the secret. Blocks. */
final class Wire implements AutoCloseable {
    /** For a handshake, and for any answer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SSLSocket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private Wire(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    /** What both ends are made with. */
    static SSLContext context(PeerKey key) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            char[] none = new char[0];
            store.setKeyEntry(
                    "peer", key.privateKey(), none, new Certificate[] {key.certificate()});
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, none);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    keys.getKeyManagers(),
                    new TrustManager[] {new PinnedKey(key.publicKey())},
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key of our own making was refused", e);
        }
    }

    /**
     * Shakes hands.
     *
     * @param connected closed together with what is returned, and if this fails
     * @param client whether this end made the connection
     */
    static Wire over(Socket connected, SSLContext context, boolean client) throws IOException {
        try {
            connected.setTcpNoDelay(true);
            connected.setSoTimeout((int) PATIENCE.toMillis());
            SSLSocket socket =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(connected, "peer", connected.getPort(), true);
            socket.setUseClientMode(client);
            socket.setEnabledProtocols(new String[] {"TLSv1.3"});
            if (!client) {
                socket.setNeedClientAuth(true);
            }
            socket.startHandshake();
            return new Wire(socket);
        } catch (IOException e) {
            connected.close();
            throw e;
        }
    }

    void say(Message message) throws IOException {
        byte[] frame = Frames.encode(message);
        out.writeInt(frame.length);
        out.write(frame);
        out.flush();
    }

    /** How long {@link #hear} waits. */
    void patience(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
    }

    /**
     * The next message.
     *
     * @throws IOException if there is none in time, or what comes is none
     */
    Message hear() throws IOException {
        int length;
        try {
            length = in.readInt();
        } catch (EOFException _) {
            throw new IOException("the other end has closed");
        }
        if (length < 1 || length > Frames.MAX_LENGTH) {
            throw new IOException("a message of " + length + " bytes was announced");
        }
        return switch (Frames.decode(in.readNBytes(length))) {
            case Frames.Decoded.Good(var message) -> message;
            case Frames.Decoded.Bad(var why) -> throw new IOException("no message: " + why);
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

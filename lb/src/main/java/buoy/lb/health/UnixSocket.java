package buoy.lb.health;

import buoy.config.model.UnixPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A unix socket as checks know sockets, which the JDK does not offer. Unlike others it is closed
 * when a read takes too long.
 */
final class UnixSocket extends Socket {
    private final SocketChannel channel;
    private final InputStream in = new Bounded();
    private final OutputStream out;
    private volatile int patienceMillis;

    private UnixSocket(SocketChannel channel) {
        this.channel = channel;
        this.out = Channels.newOutputStream(channel);
    }

    /**
     * Connects on a thread of the platform's: a virtual one takes a full queue of the server's for
     * a connection that is on its way, and then for one that stands.
     */
    static UnixSocket connect(UnixPath at, int millis) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        FutureTask<Boolean> connecting =
                new FutureTask<>(() -> channel.connect(UnixDomainSocketAddress.of(at.path())));
        Thread.ofPlatform().daemon().name("health connect").start(connecting);
        try {
            connecting.get(millis, TimeUnit.MILLISECONDS);
            return new UnixSocket(channel);
        } catch (TimeoutException _) {
            channel.close();
            throw new SocketTimeoutException();
        } catch (ExecutionException failure) {
            channel.close();
            throw failure.getCause() instanceof IOException refusal
                    ? refusal
                    : new IOException(failure.getCause());
        } catch (InterruptedException _) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
    }

    private final class Bounded extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            ByteBuffer into = ByteBuffer.wrap(bytes, from, length);
            int millis = patienceMillis;
            if (millis == 0) {
                return channel.read(into);
            }
            CompletableFuture<Void> read = new CompletableFuture<>();
            CompletableFuture<Void> tooLong =
                    read.orTimeout(millis, TimeUnit.MILLISECONDS)
                            .whenComplete(
                                    (_, late) -> {
                                        if (late != null) {
                                            Quietly.close(UnixSocket.this);
                                        }
                                    });
            try {
                return channel.read(into);
            } catch (AsynchronousCloseException closed) {
                throw tooLong.isCompletedExceptionally() || read.isCompletedExceptionally()
                        ? new SocketTimeoutException()
                        : closed;
            } finally {
                read.complete(null);
            }
        }
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public void setSoTimeout(int millis) {
        patienceMillis = millis;
    }

    /** There is nothing on the way that could be thrown away. */
    @Override
    public void setSoLinger(boolean on, int seconds) {}

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        super.close();
    }
}

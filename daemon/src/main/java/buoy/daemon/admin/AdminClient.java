package buoy.daemon.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Asks a running Buoy one thing over its admin socket: one connection, one request. */
public final class AdminClient {
    private static final int LONGEST_ANSWER = 64 * 1024 * 1024;

    private final Path socket;
    private final Duration patience;

    /**
     * Connects nowhere yet.
     *
     * @param patience until the whole answer is there
     */
    public AdminClient(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /**
     * Sends one request and waits for its answer.
     *
     * @param accept the media type wanted
     * @throws IOException when nobody answers; the message says why and what to do
     */
    public Answer ask(String method, String path, String accept) throws IOException {
        String request =
                "%s %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        .formatted(method, path, accept);
        try (SocketChannel channel = connect()) {
            Thread watchdog = Thread.startVirtualThread(() -> hangUpLater(channel));
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            byte[] answer = readAll(channel);
            watchdog.interrupt();
            return parse(answer);
        } catch (ClosedChannelException e) {
            throw new IOException(
                    "buoy at %s did not answer within %d s".formatted(socket, patience.toSeconds()),
                    e);
        }
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "no buoy answers at %s: %s (is it running, is this its admin.socket, and may this user open it?)"
                            .formatted(socket, e.getMessage()),
                    e);
        }
    }

    /** Closing the channel is the way to end a blocked read. */
    private void hangUpLater(SocketChannel channel) {
        try {
            Thread.sleep(patience);
            channel.close();
        } catch (InterruptedException | IOException _) {
            // Interrupted: the answer came in time.
        }
    }

    private static byte[] readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        while (channel.read(buffer) >= 0 && all.size() < LONGEST_ANSWER) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toByteArray();
    }

    private Answer parse(byte[] bytes) throws IOException {
        EmbeddedChannel http =
                new EmbeddedChannel(
                        new HttpClientCodec(), new HttpObjectAggregator(LONGEST_ANSWER));
        try {
            http.writeInbound(Unpooled.wrappedBuffer(bytes));
            http.finish();
            FullHttpResponse response = http.readInbound();
            if (response == null || response.decoderResult().isFailure()) {
                throw new IOException("what answers at %s is not buoy".formatted(socket));
            }
            String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
            String body = response.content().toString(StandardCharsets.UTF_8);
            response.release();
            return new Answer(
                    response.status().code(),
                    Objects.requireNonNullElse(type, Answer.TEXT),
                    body,
                    Map.of());
        } finally {
            http.finishAndReleaseAll();
        }
    }
}

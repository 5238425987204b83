package buoy.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of HTTP/2 in clear, whose every frame the test decides. */
final class StreamsOrigin implements AutoCloseable {
    /** What the server does with each frame of one connection, settings and the like apart. */
    interface Script {
        void frame(StreamsCaller talk, StreamsCaller.Frame frame) throws Exception;
    }

    private final ServerSocket listening =
            new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<StreamsCaller.Frame> frames = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> windows = new LinkedBlockingQueue<>();

    /**
     * @param settings identifier and value
     */
    StreamsOrigin(Script script, int... settings) throws IOException {
        Thread.ofVirtual().start(() -> accept(script, settings));
    }

    /** Answers each request, once it is whole, with 200 and this content. */
    static StreamsOrigin answering(String content, int... settings) throws IOException {
        return new StreamsOrigin(
                (talk, frame) -> {
                    if (frame.ends()) {
                        talk.headers(frame.stream(), false, ":status: 200");
                        talk.data(frame.stream(), true, content);
                    }
                },
                settings);
    }

    private void accept(Script script, int... settings) {
        try {
            while (true) {
                Socket socket = listening.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> talk(script, socket, settings));
            }
        } catch (IOException _) {
            // close() ends the loop
        }
    }

    private void talk(Script script, Socket socket, int... settings) {
        try (socket) {
            StreamsCaller talk = StreamsCaller.answering(socket, settings);
            while (true) {
                StreamsCaller.Frame frame = talk.next();
                if (frame.type() == StreamsCaller.SETTINGS) {
                    granted(Unpooled.wrappedBuffer(frame.payload()));
                }
                if (frame.type() != StreamsCaller.SETTINGS
                        && frame.type() != StreamsCaller.WINDOW_UPDATE) {
                    frames.add(frame);
                    script.frame(talk, frame);
                }
            }
        } catch (IOException _) {
            // the proxy closed; what it did before is what the test looks at
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void granted(ByteBuf settings) {
        while (settings.isReadable()) {
            int setting = settings.readUnsignedShort();
            int value = settings.readInt();
            if (setting == StreamsCaller.INITIAL_WINDOW_SIZE) {
                windows.add(value);
            }
        }
    }

    /** The next window that streams are granted to begin with, on any connection. */
    int window() throws InterruptedException {
        Integer window = windows.poll(10, TimeUnit.SECONDS);
        if (window == null) {
            throw new AssertionError("no window was granted");
        }
        return window;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Connections accepted until now. */
    int connections() {
        return connections.get();
    }

    /** The next frame that came, on any connection. */
    StreamsCaller.Frame received() throws InterruptedException {
        StreamsCaller.Frame frame = frames.poll(10, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("no frame arrived");
        }
        return frame;
    }

    /** The next frame of this type. */
    StreamsCaller.Frame received(int type) throws InterruptedException {
        StreamsCaller.Frame frame = received();
        while (frame.type() != type) {
            frame = received();
        }
        return frame;
    }

    boolean receivedNothing() {
        return frames.isEmpty();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}

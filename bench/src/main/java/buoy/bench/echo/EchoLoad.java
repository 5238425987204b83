package buoy.bench.echo;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.HdrHistogram.Histogram;

/**
 * Messages over many WebSockets: {@code EchoLoad URL CONNECTIONS SECONDS BYTES}. On each, the next
 * message goes when the one before has come back, the same to the octet (closed loop). Prints one
 * line: {@code MESSAGES messages in NANOSECONDS ns, ERRORS errors, p50 NANOSECONDS, p99
 * NANOSECONDS}. A connection that ends, or brings something else, is an error and is not replaced.
 */
public final class EchoLoad {
    private static final long SLOWEST = 60_000_000_000L;

    private final Selector selector;
    private final ByteBuffer question;
    private final ByteBuffer answer;
    private final Histogram times = new Histogram(SLOWEST, 3);
    private final long end;
    private long errors;

    private EchoLoad(Selector selector, byte[] payload, long end) {
        this.selector = selector;
        this.question = Frame.masked(payload, 0x5eed1e55);
        this.answer = Frame.plain(payload);
        this.end = end;
    }

    /** What has come of an answer, and when its question went. */
    private static final class Asked {
        final ByteBuffer in;
        long since;

        Asked(int size) {
            in = ByteBuffer.allocateDirect(size);
        }
    }

    /** Puts the load on and prints the line. */
    public static void main(String[] arguments) throws IOException {
        URI url = URI.create(arguments[0]);
        int connections = Integer.parseInt(arguments[1]);
        long nanos = Long.parseLong(arguments[2]) * 1_000_000_000L;
        byte[] payload = new byte[Integer.parseInt(arguments[3])];
        if (payload.length > Frame.MOST) {
            throw new IllegalArgumentException("messages have at most " + Frame.MOST + " bytes");
        }
        new Random(7).nextBytes(payload);
        try (Selector selector = Selector.open()) {
            SocketChannel[] open = new SocketChannel[connections];
            for (int i = 0; i < connections; i++) {
                open[i] = opened(url);
            }
            long start = System.nanoTime();
            EchoLoad load = new EchoLoad(selector, payload, start + nanos);
            for (SocketChannel each : open) {
                load.add(each);
            }
            load.run();
            System.out.printf(
                    "%d messages in %d ns, %d errors, p50 %d, p99 %d%n",
                    load.times.getTotalCount(),
                    System.nanoTime() - start,
                    load.errors,
                    load.times.getValueAtPercentile(50),
                    load.times.getValueAtPercentile(99));
        }
    }

    private static SocketChannel opened(URI url) throws IOException {
        SocketChannel channel =
                SocketChannel.open(
                        new InetSocketAddress(InetAddress.getByName(url.getHost()), url.getPort()));
        channel.socket().setTcpNoDelay(true);
        channel.socket().setSoTimeout(30_000);
        channel.write(
                ByteBuffer.wrap(
                        Upgrade.request(url.getAuthority(), url.getPath())
                                .getBytes(StandardCharsets.ISO_8859_1)));
        StringBuilder head = new StringBuilder();
        while (head.indexOf(Upgrade.END) < 0) {
            // One octet at a time: what comes behind the head belongs to the messages.
            int octet = channel.socket().getInputStream().read();
            if (octet < 0) {
                throw new EOFException("closed in place of an upgrade: " + head);
            }
            head.append((char) octet);
        }
        if (!Upgrade.isAccepted(head.toString())) {
            throw new IOException("no upgrade: " + head);
        }
        channel.configureBlocking(false);
        return channel;
    }

    private void add(SocketChannel channel) throws IOException {
        Asked asked = new Asked(answer.capacity());
        channel.register(selector, SelectionKey.OP_READ, asked);
        ask(channel, asked);
    }

    private void run() throws IOException {
        while (System.nanoTime() - end < 0 && !selector.keys().isEmpty()) {
            selector.select(this::ready, 100);
        }
    }

    private void ready(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        Asked asked = (Asked) key.attachment();
        try {
            if (channel.read(asked.in) < 0) {
                throw new EOFException("closed");
            }
            if (!asked.in.hasRemaining()) {
                long now = System.nanoTime();
                if (!asked.in.flip().equals(answer)) {
                    throw new IOException("another message came back");
                }
                times.recordValue(Math.min(SLOWEST, now - asked.since));
                ask(channel, asked);
            }
        } catch (IOException e) {
            System.err.println(e.getMessage());
            errors++;
            key.cancel();
        }
    }

    private void ask(SocketChannel channel, Asked asked) throws IOException {
        asked.in.clear();
        asked.since = System.nanoTime();
        if (channel.write(question.duplicate()) < question.capacity()) {
            throw new IOException("the connection takes no more");
        }
    }
}

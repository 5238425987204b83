package buoy.bench.echo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Accepts every WebSocket and sends each message back: {@code EchoServer PORT}. It serves one
 * message at a time and connection, as {@link EchoLoad} asks; who sends more than there is room for
 * is cut off.
 */
public final class EchoServer {
    private static final int ROOM = 4096;

    private final Selector selector;
    private final ServerSocketChannel listening;

    private EchoServer(int port) throws IOException {
        selector = Selector.open();
        listening = ServerSocketChannel.open();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        listening.configureBlocking(false);
        listening.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** What came and is not answered yet, and whether it speaks WebSocket already. */
    private static final class Connection {
        final ByteBuffer in = ByteBuffer.allocateDirect(ROOM);
        final ByteBuffer out = ByteBuffer.allocateDirect(ROOM);
        boolean open;
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws IOException {
        EchoServer server = new EchoServer(Integer.parseInt(arguments[0]));
        while (true) {
            server.selector.select(server::ready);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else if (!answer((SocketChannel) key.channel(), (Connection) key.attachment())) {
                key.channel().close();
            }
        } catch (IOException _) {
            // The peer is gone, or there is no file left for it: who measures hears of it.
            key.cancel();
            close(key);
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException _) {
            // Closed all the same.
        }
    }

    private void accept() throws IOException {
        SocketChannel client = listening.accept();
        if (client != null) {
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_READ, new Connection());
        }
    }

    /** False if the peer has ended, or is wrong. */
    private static boolean answer(SocketChannel client, Connection connection) throws IOException {
        if (client.read(connection.in) < 0) {
            return false;
        }
        connection.in.flip();
        boolean sound =
                connection.open ? Frame.echo(connection.in, connection.out) : upgraded(connection);
        connection.in.compact();
        connection.out.flip();
        client.write(connection.out);
        boolean sent = !connection.out.hasRemaining();
        connection.out.clear();
        return sound && sent && connection.in.hasRemaining();
    }

    private static boolean upgraded(Connection connection) {
        byte[] bytes = new byte[connection.in.remaining()];
        connection.in.duplicate().get(bytes);
        String head = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = head.indexOf(Upgrade.END);
        if (end < 0) {
            return true;
        }
        connection.in.position(end + Upgrade.END.length());
        connection.open = true;
        return Upgrade.answer(head)
                .map(
                        answer -> {
                            connection.out.put(answer.getBytes(StandardCharsets.ISO_8859_1));
                            return true;
                        })
                .orElse(false);
    }
}

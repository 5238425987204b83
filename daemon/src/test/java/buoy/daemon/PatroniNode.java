package buoy.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of PostgreSQL and of Patroni's REST API as it takes: a query is answered with the name.
 */
final class PatroniNode implements AutoCloseable {
    final String name;
    private final ServerSocket database;
    private final ServerSocket rest;
    final AtomicInteger accepted = new AtomicInteger();
    volatile boolean primary;

    PatroniNode(String name, String address, int database, int rest) throws IOException {
        this.name = name;
        InetAddress here = InetAddress.getByName(address);
        this.database = new ServerSocket(database, 100, here);
        this.rest = new ServerSocket(rest, 100, here);
        accept(this.database, this::query);
        accept(this.rest, this::tell);
    }

    int databasePort() {
        return database.getLocalPort();
    }

    int restPort() {
        return rest.getLocalPort();
    }

    private interface Talk {
        void with(Socket client) throws IOException;
    }

    private static void accept(ServerSocket listening, Talk talk) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (!listening.isClosed()) {
                                try {
                                    Socket client = listening.accept();
                                    Thread.ofVirtual().start(() -> serve(client, talk));
                                } catch (SocketException _) {
                                    return; // closed
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            }
                        });
    }

    private static void serve(Socket client, Talk talk) {
        try (client) {
            talk.with(client);
        } catch (IOException _) {
            // The other side has gone, as it may.
        }
    }

    private void query(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        in.skipNBytes(in.readInt() - 4);
        accepted.incrementAndGet();
        client.getOutputStream().write(PostgresSession.WELCOME);
        while (in.readByte() == 'Q') {
            in.skipNBytes(in.readInt() - 4);
            client.getOutputStream().write(name.getBytes(ISO_8859_1));
        }
    }

    private void tell(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = client.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                return;
            }
            head.append((char) octet);
        }
        boolean asked = head.indexOf("/primary") >= 0;
        String body =
                "{\"state\": \"running\", \"role\": \"%s\"}"
                        .formatted(primary ? "primary" : "replica");
        client.getOutputStream()
                .write(
                        "HTTP/1.1 %s\r\nX-Node: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                                .formatted(
                                        asked == primary ? "200 OK" : "503 No",
                                        name,
                                        body.length(),
                                        body)
                                .getBytes(ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        database.close();
        rest.close();
    }
}

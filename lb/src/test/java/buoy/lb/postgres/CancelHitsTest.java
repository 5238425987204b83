package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.lb.kit.Configs;
import buoy.lb.kit.RealPostgres;
import buoy.lb.kit.Release;
import buoy.lb.kit.Running;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real queries on three servers through two Buoys, cancelled through either of them. One server is
 * of PostgreSQL 18 and speaks protocol 3.2, which has keys of 32 octets; the others talk 3.2 down.
 */
class CancelHitsTest {
    /** StartupMessage 3.2 of user postgres. */
    private static final String HELLO = "0000001700030002" + "7573657200706f73746772657300" + "00";

    /** The first row fills the server's buffer, so that it is seen while the rest runs. */
    private static final byte[] QUERY =
            "select repeat('x', 20000); select pg_sleep(60)\0".getBytes(StandardCharsets.US_ASCII);

    @TempDir static Path unpacked;

    /** A session as a driver has it. */
    private static final class Session implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final byte[] key;

        Session(Running buoy) throws IOException {
            socket = buoy.connect("db");
            in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(HexFormat.of().parseHex(HELLO));
            key = until('K');
            var _ = until('Z');
        }

        /** The body of the next message of this type; others are passed over. */
        private byte[] until(char wanted) throws IOException {
            while (true) {
                char type = (char) in.readByte();
                byte[] body = new byte[in.readInt() - 4];
                in.readFully(body);
                if (type == wanted) {
                    return body;
                }
            }
        }

        /** When this returns the query runs. */
        void begin() throws IOException {
            socket.getOutputStream()
                    .write(
                            ByteBuffer.allocate(5 + QUERY.length)
                                    .put((byte) 'Q')
                                    .putInt(4 + QUERY.length)
                                    .put(QUERY)
                                    .array());
            assertThat(in.readByte()).isEqualTo((byte) 'T');
            in.skipNBytes(in.readInt() - 4);
        }

        /** What the server ended the query with. */
        String error() throws IOException {
            String error = new String(until('E'), StandardCharsets.UTF_8);
            var _ = until('Z');
            return error;
        }

        void cancelThrough(Running buoy) throws IOException {
            try (Socket other = buoy.connect("db")) {
                other.getOutputStream()
                        .write(
                                ByteBuffer.allocate(8 + key.length)
                                        .putInt(8 + key.length)
                                        .putInt(80877102)
                                        .put(key)
                                        .array());
                assertThat(other.getInputStream().read()).isEqualTo(-1);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Config config(RealPostgres... servers) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (RealPostgres each : servers) {
            endpoints.add(each.endpoint());
        }
        return Configs.of(
                List.of(Configs.postgres("db", "pg")),
                List.of(Configs.pool("pg", endpoints.toArray(Endpoint[]::new))));
    }

    @Test
    void everyOneHits() throws Exception {
        cancel(150);
    }

    @Test
    @Tag("soak")
    void everyOneOfAThousandHits() throws Exception {
        cancel(1000);
    }

    private static void cancel(int times) throws Exception {
        Random random = new Random(5);
        List<Session> sessions = new ArrayList<>();
        try (RealPostgres one = RealPostgres.start();
                RealPostgres two = RealPostgres.start();
                RealPostgres three = RealPostgres.start(Release.unpack(unpacked));
                Running first = Running.start(config(one, two, three));
                Running second = Running.start(config(one, two, three))) {
            List<Running> buoys = List.of(first, second);
            for (int i = 0; i < 12; i++) {
                sessions.add(new Session(buoys.get(i % 2)));
            }
            assertThat(sessions).extracting(session -> session.key.length).contains(8, 36);
            for (int i = 0; i < times; i++) {
                Session session = sessions.get(random.nextInt(sessions.size()));
                session.begin();
                session.cancelThrough(buoys.get(random.nextInt(2)));
                assertThat(session.error()).contains("57014");
            }
            for (Session session : sessions) {
                session.close();
            }
        }
    }
}

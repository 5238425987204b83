package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Endpoint;
import buoy.daemon.admin.Answer;
import buoy.daemon.admin.DoorLoop;
import buoy.daemon.admin.DoorRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatsDoorTest {
    private final DoorLoop loop = new DoorLoop();
    private Endpoint here;
    private StatsDoor door;

    @BeforeEach
    void open() throws Exception {
        here = endpoint("127.0.0.1", Site.freePort());
        door =
                new StatsDoor(
                        loop,
                        here,
                        _ -> CompletableFuture.completedFuture(Answer.text(200, "ok\n")));
    }

    @AfterEach
    void close() {
        door.close();
        loop.close();
    }

    private static Endpoint endpoint(String host, int port) throws IOException {
        return new Endpoint(InetAddress.getByName(host), port);
    }

    private static boolean answers(Endpoint endpoint) {
        try (Socket _ = new Socket(endpoint.address(), endpoint.port())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void bothAnswerUntilTheMoveIsDecided() throws Exception {
        Endpoint there = endpoint("127.0.0.1", Site.freePort());
        door.prepare(there);
        assertThat(answers(here)).isTrue();
        assertThat(answers(there)).isTrue();
        door.commit(there);
        assertThat(answers(here)).isFalse();
        assertThat(answers(there)).isTrue();
    }

    @Test
    void aMoveTakenBackLeavesTheOldOneOpen() throws Exception {
        for (Endpoint there :
                new Endpoint[] {
                    endpoint("127.0.0.1", Site.freePort()), endpoint("0.0.0.0", here.port())
                }) {
            door.prepare(there);
            door.rollback(there);
            assertThat(answers(here)).as("after %s", there).isTrue();
        }
    }

    @Test
    void theSamePortOnAllAddressesIsAMoveToo() throws Exception {
        Endpoint everywhere = endpoint("0.0.0.0", here.port());
        door.prepare(everywhere);
        door.commit(everywhere);
        assertThat(answers(endpoint("127.0.0.2", here.port()))).isTrue();
    }

    @Test
    void aRefusedMoveChangesNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, here.address())) {
            Endpoint there = endpoint("127.0.0.1", taken.getLocalPort());
            assertThatThrownBy(() -> door.prepare(there)).isInstanceOf(DoorRefused.class);
            assertThat(answers(here)).isTrue();
        }
    }
}

package buoy.lb.health;

import java.io.IOException;
import java.net.Socket;

/** Closes what nobody uses any more. */
final class Quietly {
    private Quietly() {}

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone all the same, and nobody was to be told anything.
        }
    }
}

package buoy.lb.health;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/** A connection that is accepted. */
record TcpProbing(Door door) implements Probing {
    @Override
    public Outcome ask(Duration timeout) {
        Patience patience = new Patience(timeout);
        try (Socket socket = door.connect(door.server().port(), patience)) {
            // A reset instead of a close: the server's accept queue is not kept busy by probes.
            socket.setSoLinger(true, 0);
            return new Outcome.Passed("connected");
        } catch (IOException refusal) {
            return new Outcome.Failed(patience.words(refusal));
        }
    }

    /** Nothing is kept. */
    @Override
    public void close() {}
}

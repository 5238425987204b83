package buoy.lb.health;

import buoy.config.model.Health.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection to a server's agent, which says a line and closes. */
record AgentProbing(Probe.Agent probe, Door door) implements Probing {
    private static final int MOST = 1024;

    @Override
    public Outcome ask(Duration timeout) {
        Patience patience = new Patience(timeout);
        try (Socket socket = door.connect(probe.port(), patience)) {
            return AgentLine.read(line(socket, patience));
        } catch (IOException refusal) {
            return new Outcome.Failed("agent: " + patience.words(refusal));
        }
    }

    /** The first line, or all that comes before the end, of so many octets at most. */
    private static String line(Socket socket, Patience patience) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[MOST];
        int length = 0;
        while (length < MOST) {
            socket.setSoTimeout(patience.millisLeft());
            int count = in.read(bytes, length, MOST - length);
            if (count < 0) {
                break;
            }
            length += count;
            String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
            int end = text.indexOf('\n');
            if (end >= 0) {
                return text.substring(0, end);
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Nothing is kept. */
    @Override
    public void close() {}
}

package buoy.lb.health;

import buoy.config.model.Health.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection that is accepted, and what the server says on it where that matters. */
record TcpProbing(Probe.Tcp probe, Door door) implements Probing {
    /** What is expected is looked for in so many bytes. */
    private static final int MOST = 4096;

    @Override
    public Outcome ask(Duration timeout) {
        Patience patience = new Patience(timeout);
        try (Socket socket = door.connect(door.server().port(), patience)) {
            // A reset instead of a close: the server's accept queue is not kept busy by probes.
            socket.setSoLinger(true, 0);
            if (probe.send().isPresent()) {
                socket.getOutputStream().write(probe.send().get().getBytes(StandardCharsets.UTF_8));
            }
            return probe.expect().isPresent()
                    ? expect(probe.expect().get(), socket, patience)
                    : new Outcome.Passed("connected");
        } catch (IOException refusal) {
            return new Outcome.Failed(patience.words(refusal));
        }
    }

    private static Outcome expect(String text, Socket socket, Patience patience)
            throws IOException {
        byte[] wantedBytes = text.getBytes(StandardCharsets.UTF_8);
        String wanted = octets(wantedBytes, wantedBytes.length);
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[MOST];
        int length = 0;
        while (length < MOST) {
            socket.setSoTimeout(patience.millisLeft());
            int count = in.read(bytes, length, MOST - length);
            if (count < 0) {
                return new Outcome.Failed(
                        length == 0 ? "closed without a word" : "not the expected answer");
            }
            length += count;
            if (octets(bytes, length).contains(wanted)) {
                return new Outcome.Passed("the expected answer");
            }
        }
        return new Outcome.Failed("not the expected answer in its first 4 KiB");
    }

    /** An octet a char. */
    private static String octets(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** Nothing is kept. */
    @Override
    public void close() {}
}

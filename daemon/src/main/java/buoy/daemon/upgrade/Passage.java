package buoy.daemon.upgrade;

import io.netty.channel.unix.Socket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A connection over which lines and descriptors pass. Its socket never blocks: every call looks
 * again and again until it is done or its time is over. Used by one thread.
 */
final class Passage implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);
    private static final int LONGEST_LINE = 4096;

    /** Begins the line of one that gives up; the reason follows. */
    private static final String SORRY = "sorry ";

    private final Socket socket;
    private long deadline;

    /**
     * @param deadline for all of it, by {@link System#nanoTime}
     */
    Passage(Socket socket, long deadline) {
        this.socket = socket;
        this.deadline = deadline;
    }

    /** From now on another deadline holds. */
    void deadline(long other) {
        deadline = other;
    }

    /** One look whether it can be done; false asks for another. */
    @FunctionalInterface
    interface Look {
        boolean done() throws IOException;
    }

    static void await(long deadline, Look look) throws IOException {
        while (!look.done()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new UpgradeFailed("it did not answer in time");
            }
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new UpgradeFailed("waiting for it was broken off");
            }
        }
    }

    void say(String line) throws IOException {
        byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocateDirect(text.length).put(0, text);
        int[] sent = {0};
        await(
                deadline,
                () -> {
                    sent[0] += Math.max(0, socket.write(bytes, sent[0], text.length));
                    return sent[0] == text.length;
                });
    }

    /** The next line. Nothing beyond it is read: a descriptor may follow. */
    String hear() throws IOException {
        ByteBuffer next = ByteBuffer.allocateDirect(1);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        await(
                deadline,
                () -> {
                    int read = socket.read(next, 0, 1);
                    while (read == 1 && next.get(0) != '\n' && line.size() < LONGEST_LINE) {
                        line.write(next.get(0));
                        read = socket.read(next, 0, 1);
                    }
                    if (read < 0) {
                        throw new UpgradeFailed("it ended");
                    }
                    return read == 1;
                });
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Says why nothing comes of it. */
    void sorry(String why) throws IOException {
        String line = SORRY + why.replace("\n", "; ");
        say(line.substring(0, Math.min(line.length(), LONGEST_LINE / 4)));
    }

    void hear(String expected) throws IOException {
        String line = hear();
        throwIfSorry(line);
        if (!line.equals(expected)) {
            throw new UpgradeFailed("it said `%s` instead of `%s`".formatted(line, expected));
        }
    }

    /** Says a text of any length and lines: its length in bytes first. */
    void sayText(String word, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        say(word + " " + bytes.length);
        ByteBuffer out = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
        int[] sent = {0};
        await(
                deadline,
                () -> {
                    if (sent[0] < bytes.length) {
                        sent[0] += Math.max(0, socket.write(out, sent[0], bytes.length));
                    }
                    return sent[0] == bytes.length;
                });
    }

    String hearText(String word) throws IOException {
        return textBehind(word, hear());
    }

    /** The text that a line announces. */
    String textBehind(String word, String line) throws IOException {
        throwIfSorry(line);
        if (!line.matches(word + " [0-9]{1,8}")) {
            throw new UpgradeFailed("it said `%s` instead of `%s`".formatted(line, word));
        }
        int length = Integer.parseInt(line.substring(word.length() + 1));
        ByteBuffer in = ByteBuffer.allocateDirect(length);
        int[] read = {0};
        await(
                deadline,
                () -> {
                    int more = read[0] < length ? socket.read(in, read[0], length) : 0;
                    if (more < 0) {
                        throw new UpgradeFailed("it ended");
                    }
                    read[0] += more;
                    return read[0] == length;
                });
        byte[] bytes = new byte[length];
        in.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Waits until the other end is closed. */
    void awaitEnd() throws IOException {
        ByteBuffer next = ByteBuffer.allocateDirect(1);
        await(deadline, () -> socket.read(next, 0, 1) < 0);
    }

    private static void throwIfSorry(String line) throws UpgradeFailed {
        if (line.startsWith(SORRY)) {
            throw new UpgradeFailed(line.substring(SORRY.length()));
        }
    }

    void pass(int descriptor) throws IOException {
        await(deadline, () -> socket.sendFd(descriptor) >= 0);
    }

    int receive() throws IOException {
        int[] received = {0};
        await(
                deadline,
                () -> {
                    received[0] = socket.recvFd();
                    if (received[0] < 0) {
                        throw new UpgradeFailed("it ended");
                    }
                    return received[0] > 0;
                });
        return received[0];
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package buoy.lb.health;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A connection to a PostgreSQL server with its messages: one thread speaks, another listens all the
 * time, so that a server which says good-bye in between is heard at once.
 */
final class PostgresTalk implements AutoCloseable {
    /** Protocol version 3.0. */
    private static final int VERSION = 3 << 16;

    /** What a check is told is short; longer is no server's answer to it. */
    private static final int LONGEST = 64 * 1024;

    /** How many messages may wait to be read: no answer to a check has as many. */
    private static final int MOST = 100;

    private final Socket socket;
    private final Runnable news;
    private final BlockingQueue<Heard> heard = new ArrayBlockingQueue<>(MOST);

    // Guarded by heard: what comes is an answer or it is news, and who asks may stop just then.
    private boolean asking = true;

    /** Why nothing more will come; empty until then. */
    private volatile String ended = "";

    private sealed interface Heard {
        record Message(Backend message) implements Heard {}

        /** Nothing more will come. */
        record End() implements Heard {}
    }

    /**
     * @param socket connected; taken over
     * @param news run when the server says something, or closes, while it is not asked
     */
    PostgresTalk(Socket socket, Runnable news) {
        this.socket = socket;
        this.news = news;
        Thread.ofVirtual().name("health listener").start(this::listen);
    }

    private void listen() {
        ended = untilTheEnd();
        Quietly.close(socket);
        // The last one has to be heard, even if what was said before it is not.
        while (!hear(new Heard.End())) {
            heard.poll();
        }
    }

    /** Answers why it was the end. */
    private String untilTheEnd() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                char type = (char) in.readUnsignedByte();
                int length = in.readInt() - 4;
                if (length < 0 || length > LONGEST) {
                    return "no PostgreSQL server answers";
                }
                byte[] body = new byte[length];
                in.readFully(body);
                if (!hear(new Heard.Message(Backend.read(type, body)))) {
                    return "the server says too much";
                }
            }
        } catch (EOFException _) {
            return "the server closed the connection";
        } catch (IOException failure) {
            String message = failure.getMessage();
            return message == null ? failure.getClass().getSimpleName() : message;
        }
    }

    /** Puts it where it is read. False if too much waits there already. */
    private boolean hear(Heard what) {
        boolean unasked;
        synchronized (heard) {
            unasked = !asking;
            if (!heard.offer(what)) {
                return false;
            }
        }
        if (unasked) {
            news.run();
        }
        return true;
    }

    /** Opens a session's conversation. */
    void start(Map<String, String> parameters) throws IOException {
        StringBuilder pairs = new StringBuilder();
        parameters.forEach(
                (name, value) -> pairs.append(name).append('\0').append(value).append('\0'));
        byte[] body = pairs.append('\0').toString().getBytes(StandardCharsets.UTF_8);
        write(
                ByteBuffer.allocate(8 + body.length)
                        .putInt(8 + body.length)
                        .putInt(VERSION)
                        .put(body)
                        .array());
    }

    /** Sends one message with a type. */
    void say(char type, byte[] body) throws IOException {
        write(
                ByteBuffer.allocate(5 + body.length)
                        .put((byte) type)
                        .putInt(4 + body.length)
                        .put(body)
                        .array());
    }

    private void write(byte[] message) throws IOException {
        try {
            socket.getOutputStream().write(message);
        } catch (IOException failure) {
            // Who listens knows better why.
            throw ended.isEmpty() ? failure : new IOException(ended, failure);
        }
    }

    /** From now on until {@link #idle} what the server says is an answer. */
    void asks() {
        synchronized (heard) {
            asking = true;
        }
    }

    /** Nothing is expected from the server. */
    void idle() {
        boolean more;
        synchronized (heard) {
            asking = false;
            more = !heard.isEmpty();
        }
        if (more) {
            news.run();
        }
    }

    /**
     * The next message that is not {@link Backend.Other}.
     *
     * @throws IOException when the connection ended, or nothing came in time
     */
    Backend next(Patience patience) throws IOException {
        try {
            while (true) {
                Heard next = heard.poll(patience.left().toNanos(), TimeUnit.NANOSECONDS);
                switch (next) {
                    case null -> throw new SocketTimeoutException();
                    case Heard.End _ -> throw new IOException(ended);
                    case Heard.Message(Backend.Other _) -> {}
                    case Heard.Message(Backend message) -> {
                        return message;
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped");
        }
    }

    /** Takes leave, so that the server has nothing to complain about in its log. */
    @Override
    public void close() {
        try {
            say('X', new byte[0]);
        } catch (IOException _) {
            // It is gone already.
        }
        Quietly.close(socket);
    }
}

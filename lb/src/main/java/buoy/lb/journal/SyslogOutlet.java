package buoy.lb.journal;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The syslog of this host, by the socket where syslog(3) finds it: a datagram for each line, in the
 * form that function has (RFC 3164 4.1 without the host).
 */
final class SyslogOutlet implements Outlet {
    static final Path SOCKET = Path.of("/dev/log");

    /** RFC 3164 4.1.2: in the time of this host, the day with a space in place of a zero. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);

    /** While the reader is behind; then lines are lost. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Path path;
    private final String sender = " buoy[" + ProcessHandle.current().pid() + "]: ";
    private final Voice voice;
    private @Nullable Socket open;

    SyslogOutlet(Path path, Voice voice) {
        this.path = path;
        this.voice = voice;
    }

    @Override
    public void write(byte[] lines, int length, Severity severity) throws IOException {
        byte[] head =
                (voice.priority(severity)
                                + TIME.format(LocalDateTime.now(ZoneId.systemDefault()))
                                + sender)
                        .getBytes(StandardCharsets.US_ASCII);
        try {
            Socket to = connected();
            int start = 0;
            for (int i = 0; i < length; i++) {
                if (lines[i] == '\n') {
                    int size = head.length + i - start;
                    ByteBuffer message = ByteBuffer.allocateDirect(size);
                    message.put(head).put(lines, start, i - start);
                    send(to, message, size);
                    start = i + 1;
                }
            }
        } catch (IOException refusal) {
            // The daemon behind the socket may be another when it is tried again.
            close();
            throw refusal;
        }
    }

    private Socket connected() throws IOException {
        Socket there = open;
        if (there != null) {
            return there;
        }
        if (!Epoll.isAvailable()) {
            throw new IOException(path + " cannot be reached without epoll");
        }
        Socket socket = Socket.newSocketDomainDgram();
        open = socket;
        socket.connect(new DomainSocketAddress(path.toString()));
        return socket;
    }

    private void send(Socket to, ByteBuffer message, int size) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        // Nothing is written while as many as the kernel keeps are not read.
        while (to.write(message, 0, size) < size) {
            if (System.nanoTime() - end >= 0) {
                throw new IOException(path + " takes nothing");
            }
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
    }

    @Override
    public void check(boolean anew) {}

    @Override
    public void close() throws IOException {
        Socket was = open;
        if (was != null) {
            open = null;
            was.close();
        }
    }
}

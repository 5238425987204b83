package buoy.lb.journal;

import buoy.config.model.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Syslog messages (RFC 5424), one a datagram. */
final class UdpOutlet implements Outlet {
    private final InetSocketAddress to;
    private final String sender;
    private final Voice voice;
    private @Nullable DatagramChannel open;

    UdpOutlet(Endpoint endpoint, Voice voice) {
        this.voice = voice;
        this.to = new InetSocketAddress(endpoint.address(), endpoint.port());
        this.sender =
                " "
                        + host()
                        + " buoy "
                        + ProcessHandle.current().pid()
                        + " "
                        + voice.messageId
                        + " - ";
    }

    private static String host() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return name.isEmpty() ? "-" : name;
        } catch (IOException _) {
            return "-"; // RFC 5424 6.2.4: the value of one that does not know it
        }
    }

    @Override
    public void write(byte[] lines, int length, Severity severity) throws IOException {
        DatagramChannel by = open;
        if (by == null) {
            by = DatagramChannel.open();
            open = by;
        }
        byte[] head =
                (voice.priority(severity)
                                + "1 "
                                + Instant.now().truncatedTo(ChronoUnit.MILLIS)
                                + sender)
                        .getBytes(StandardCharsets.US_ASCII);
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (lines[i] == '\n') {
                ByteBuffer message = ByteBuffer.allocate(head.length + i - start);
                message.put(head).put(lines, start, i - start).flip();
                by.send(message, to);
                start = i + 1;
            }
        }
    }

    @Override
    public void check(boolean anew) {}

    @Override
    public void close() throws IOException {
        DatagramChannel was = open;
        if (was != null) {
            open = null;
            was.close();
        }
    }
}

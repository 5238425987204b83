package buoy.lb.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyslogOutletTest {
    @TempDir private Path directory;

    @BeforeEach
    void hasEpoll() {
        assumeTrue(Epoll.isAvailable(), "epoll is not available");
    }

    private Socket daemon() throws IOException {
        Path path = directory.resolve("log");
        Files.deleteIfExists(path);
        Socket socket = Socket.newSocketDomainDgram();
        socket.bind(new DomainSocketAddress(path.toString()));
        return socket;
    }

    private SyslogOutlet outlet() {
        return new SyslogOutlet(directory.resolve("log"), Outlet.Voice.ACCESS);
    }

    private static void say(SyslogOutlet outlet, String lines) throws IOException {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        outlet.write(bytes, bytes.length, Outlet.Severity.INFORMATIONAL);
    }

    /** The next datagram; they are there as soon as they were sent. */
    private static String heard(Socket daemon) throws IOException {
        ByteBuffer into = ByteBuffer.allocateDirect(65_536);
        int n = daemon.read(into, 0, into.capacity());
        byte[] bytes = new byte[Math.max(n, 0)];
        into.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void eachLineIsADatagramAsSyslogHasThem() throws Exception {
        Socket daemon = daemon();
        SyslogOutlet outlet = outlet();
        say(outlet, "GET /a 200\nGET /\u00e9 404\n");
        String head =
                "<134>(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 123]\\d \\d\\d:\\d\\d:\\d\\d buoy\\["
                        + ProcessHandle.current().pid()
                        + "\\]: ";
        assertThat(heard(daemon)).matches(head + "GET /a 200");
        assertThat(heard(daemon)).matches(head + "GET /\u00e9 404");
        outlet.close();
        daemon.close();
    }

    @Test
    void aDaemonThatIsGoneAndComesBackIsFound() throws Exception {
        SyslogOutlet outlet = outlet();
        assertThatThrownBy(() -> say(outlet, "one\n")).isInstanceOf(IOException.class);
        Socket daemon = daemon();
        say(outlet, "two\n");
        assertThat(heard(daemon)).endsWith(": two");
        daemon.close();
        assertThatThrownBy(() -> say(outlet, "three\n")).isInstanceOf(IOException.class);
        Socket again = daemon();
        say(outlet, "four\n");
        assertThat(heard(again)).endsWith(": four");
        outlet.close();
        again.close();
    }

    @Test
    void aDaemonThatReadsNothingHoldsNobodyUpForLong() throws Exception {
        Socket daemon = daemon();
        SyslogOutlet outlet = outlet();
        assertThatThrownBy(() -> say(outlet, "line\n".repeat(100_000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("takes nothing");
        outlet.close();
        daemon.close();
    }
}

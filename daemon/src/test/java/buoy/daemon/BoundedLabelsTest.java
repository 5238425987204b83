package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.pool.Reason;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody can make metrics grow by what they send: labels have no word of a client in them. */
class BoundedLabelsTest {
    private static final int REQUESTS = 10_000;
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    @TempDir Path directory;

    @Test
    void tenThousandOddRequestsAddNoWordOfTheirs() throws Exception {
        try (Site site = new Site(directory)) {
            int tcp = Site.freePort();
            site.add(
                    "listeners",
                    """
                    named:
                      bind: ["127.0.0.1:%d"]
                      protocol: tcp
                      routes: [{match: {sni: one.example}, pool: app}]
                    """
                            .formatted(tcp));
            try (Child buoy = Child.running(directory, site.config)) {
                Child.await(
                        "the first served request",
                        () ->
                                series(site.stats).stream()
                                        .anyMatch(each -> each.matches("buoy_server_up\\{.*} 1")));
                Set<String> before = labels(series(site.stats));

                int answered = 0;
                for (int i = 0; i < REQUESTS; i++) {
                    answered += ask(site.http, request(i)) ? 1 : 0;
                }
                for (int i = 0; i < REQUESTS / 10; i++) {
                    hello(tcp, "odd" + i + ".example");
                }

                // Who sends nonsense may be reset before it has read what it is told.
                assertThat(answered).isGreaterThan(REQUESTS / 2);
                Set<String> added = labels(series(site.stats));
                added.removeAll(before);
                assertThat(added).isNotEmpty();
                assertThat(added).isSubsetOf(words());
                assertThat(buoy.alive()).isTrue();
            }
        }
    }

    /**
     * What labels may say that does not stand in the configuration, beside what is always there.
     */
    private static Set<String> words() {
        Set<String> words = new TreeSet<>();
        Arrays.stream(Reason.values()).forEach(reason -> words.add("reason=" + reason));
        for (String bound :
                "0.001 0.002 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1.0 2.0 5.0 10.0 30.0 60.0 300.0 900.0 3600.0 14400.0 43200.0 86400.0 604800.0 +Inf"
                        .split(" ", -1)) {
            words.add("le=" + bound);
        }
        words.addAll(Set.of("quantile=0.5", "quantile=0.9", "quantile=0.99"));
        return words;
    }

    private static Set<String> series(int port) {
        try {
            Set<String> samples = new TreeSet<>();
            Child.get(port, "/metrics")
                    .body()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(samples::add);
            return samples;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> labels(Set<String> samples) {
        Set<String> labels = new TreeSet<>();
        for (String sample : samples) {
            LABEL.matcher(sample)
                    .results()
                    .forEach(found -> labels.add(found.group(1) + "=" + found.group(2)));
        }
        return labels;
    }

    private static String request(int i) {
        String method = i % 4 == 0 ? "ODD" + i : "GET";
        String host = i % 5 == 0 ? "bad host " + i : "host" + i + ".example";
        String version = i % 7 == 0 ? "HTTP/1." + i : "HTTP/1.1";
        return "%s /path%d?query=%d %s\r\nHost: %s\r\nX-Odd-%d: %d\r\nUser-Agent: agent%d\r\nConnection: close\r\n\r\n"
                .formatted(method, i, i, version, host, i, i, i);
    }

    /** Whether there was an answer, whichever. */
    private static boolean ask(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Child.PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String status = in.readLine();
            return status != null && status.startsWith("HTTP/1.1 ");
        } catch (SocketException _) {
            return false;
        }
    }

    /** A ClientHello (RFC 8446 4.1.2) with this name (RFC 6066 3) and little else. */
    private static void hello(int port, String name) throws IOException {
        byte[] host = name.getBytes(StandardCharsets.US_ASCII);
        byte[] extension =
                join(
                        u16(0),
                        u16(host.length + 5),
                        u16(host.length + 3),
                        new byte[] {0},
                        u16(host.length),
                        host);
        byte[] body =
                join(
                        u16(0x0303),
                        new byte[32],
                        new byte[] {0},
                        u16(2),
                        u16(0x1301),
                        new byte[] {1, 0},
                        u16(extension.length),
                        extension);
        byte[] message = join(new byte[] {1, 0}, u16(body.length), body);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Child.PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(join(new byte[] {22, 3, 1}, u16(message.length), message));
            var _ = socket.getInputStream().read();
        } catch (SocketException _) {
            // Refused by a reset: as good an end as any.
        }
    }

    private static byte[] u16(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}

package buoy.lb.health;

import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Health.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Asks one server once. Blocks, at most as long as it is given in all. */
final class Prober {
    /** Enough for a status line and a body to look into; a server that sends more fails. */
    private static final int MOST = 64 * 1024;

    private Prober() {}

    static Outcome ask(Probe probe, Endpoint server, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        return switch (probe) {
            case Probe.Tcp _ -> tcp(server, timeout, deadline);
            case Probe.Http http -> http(http, server, timeout, deadline);
            case Probe.Patroni patroni -> patroni(patroni, server, timeout, deadline);
        };
    }

    private static Outcome tcp(Endpoint server, Duration timeout, long deadline) {
        try (Socket socket = connect(server, server.port(), deadline)) {
            // A reset instead of a close: the server's accept queue is not kept busy by probes.
            socket.setSoLinger(true, 0);
            return new Outcome.Passed("connected");
        } catch (IOException refusal) {
            return new Outcome.Failed(words(refusal, timeout));
        }
    }

    private static Outcome http(
            Probe.Http probe, Endpoint server, Duration timeout, long deadline) {
        int port = probe.port().orElse(server.port());
        String host = probe.host().orElseGet(() -> hostAndPort(server, port));
        String request = request(probe.method(), probe.path(), host);
        Answer answer;
        try {
            answer = exchange(server, port, request, probe.body().isPresent(), deadline);
        } catch (IOException refusal) {
            return new Outcome.Failed(words(refusal, timeout));
        }
        return switch (answer) {
            case Answer.NotHttp(String why) -> new Outcome.Failed(why);
            case Answer.NeedMore _ -> new Outcome.Failed("answer over 64 KiB");
            case Answer.Response(int status, _) when !probe.expect().contains(status) ->
                    new Outcome.Failed("HTTP " + status);
            case Answer.Response(int status, String body)
                    when probe.body().isPresent() && !body.contains(octets(probe.body().get())) ->
                    new Outcome.Failed("HTTP " + status + " without the expected body");
            case Answer.Response(int status, _) -> new Outcome.Passed("HTTP " + status);
        };
    }

    /** Patroni answers 200 where the role is the one asked for and 503 where it is another. */
    private static Outcome patroni(
            Probe.Patroni probe, Endpoint server, Duration timeout, long deadline) {
        String role = probe.role().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String path = path(probe, role);
        String request = request("GET", path, hostAndPort(server, probe.port()));
        Answer answer;
        try {
            answer = exchange(server, probe.port(), request, false, deadline);
        } catch (IOException refusal) {
            return new Outcome.Failed("Patroni: " + words(refusal, timeout));
        }
        return switch (answer) {
            case Answer.NotHttp(String why) -> new Outcome.Failed("Patroni: " + why);
            case Answer.NeedMore _ -> new Outcome.Failed("Patroni: answer over 64 KiB");
            case Answer.Response(int status, _) when status == 200 ->
                    new Outcome.Clear(true, "Patroni: " + role);
            case Answer.Response(int status, _) when status == 503 ->
                    new Outcome.Clear(false, "Patroni: not " + role);
            case Answer.Response(int status, _) -> new Outcome.Failed("Patroni: HTTP " + status);
        };
    }

    private static String path(Probe.Patroni probe, String role) {
        boolean lags = probe.role() == Role.REPLICA || probe.role() == Role.ASYNC;
        return lags && probe.maxLag().isPresent()
                ? "/" + role + "?lag=" + probe.maxLag().getAsLong()
                : "/" + role;
    }

    private static String request(String method, String path, String host) {
        return method
                + " "
                + path
                + " HTTP/1.1\r\nHost: "
                + host
                + "\r\nUser-Agent: buoy\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    }

    private static Answer exchange(
            Endpoint server, int port, String request, boolean wantBody, long deadline)
            throws IOException {
        try (Socket socket = connect(server, port, deadline)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            byte[] bytes = new byte[1024];
            int length = 0;
            while (true) {
                socket.setSoTimeout(millisLeft(deadline));
                int count = in.read(bytes, length, bytes.length - length);
                length += Math.max(count, 0);
                Answer answer = Answer.read(bytes, length, count < 0, wantBody);
                if (!(answer instanceof Answer.NeedMore) || count < 0) {
                    return answer;
                }
                if (length == bytes.length) {
                    if (length == MOST) {
                        return answer;
                    }
                    bytes = Arrays.copyOf(bytes, Math.min(MOST, length * 4));
                }
            }
        }
    }

    private static Socket connect(Endpoint server, int port, long deadline) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(server.address(), port), millisLeft(deadline));
            return socket;
        } catch (IOException refusal) {
            socket.close();
            throw refusal;
        }
    }

    private static int millisLeft(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return Math.toIntExact(millis);
    }

    private static String words(IOException refusal, Duration timeout) {
        if (refusal instanceof SocketTimeoutException) {
            return "no answer in " + timeout.toMillis() + "ms";
        }
        String message = refusal.getMessage();
        return message == null ? refusal.getClass().getSimpleName() : message;
    }

    private static String hostAndPort(Endpoint server, int port) {
        return new Endpoint(server.address(), port).toString();
    }

    /** As the answer's body is read: an octet a char. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}

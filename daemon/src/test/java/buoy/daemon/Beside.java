package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Another program with its own file and Buoy with the import of it, before the same servers.
 *
 * <p>Longer than other files, because it has a client, servers and both balancers in it.
 */
final class Beside {
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");

    private static final String HANDSHAKE =
            """
            GET /ws/x HTTP/1.1
            Host: app.example.com
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """;

    private static final String WEBSOCKET =
            """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            X-Server: NAME
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """;

    private final Path directory;
    private final List<String> shown;
    private final Map<String, Named> servers = new LinkedHashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    /**
     * @param shown fields of requests that servers say they got
     */
    Beside(Path directory, List<String> shown) {
        this.directory = directory;
        this.shown = shown;
    }

    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    /** One that is taken, and echoes. */
    static void webSocket(int port) throws IOException {
        try (Socket socket = connect(port)) {
            write(socket, HANDSHAKE.replace("\n", "\r\n"));
            InputStream in = socket.getInputStream();
            Answer answer = Answer.read(in, true);
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.server()).isEqualTo("ws");
            write(socket, "echo\n");
            assertThat(line(in)).isEqualTo("echo");
        }
    }

    /**
     * Both running.
     *
     * @param ports of HAProxy and of Buoy by name
     */
    record Sides(Map<String, int[]> ports) {
        int theirs(String name) {
            return Objects.requireNonNull(ports.get(name))[0];
        }

        int ours(String name) {
            return Objects.requireNonNull(ports.get(name))[1];
        }

        /** Which requests do not meet the same at both. */
        List<String> differences(String port, boolean tls, List<String> requests) {
            List<String> differences = new ArrayList<>();
            for (String request : requests) {
                List<String> theirs = ask(theirs(port), tls, request).same();
                List<String> ours = ask(ours(port), tls, request).same();
                if (!theirs.equals(ours)) {
                    differences.add("%s: there %s, Buoy %s".formatted(request, theirs, ours));
                }
            }
            return differences;
        }
    }

    void server(String name, int health) throws IOException {
        Named server = new Named(name, health, shown);
        servers.put(name, server);
        open.add(server);
    }

    /**
     * Starts a program with its file, and Buoy with the import of it.
     *
     * @param text with {@code PORT-name} and {@code SERVER-name} for ports, and {@code DIRECTORY}
     * @param command in which FILE stands for the file
     * @param names of ports
     */
    Sides sides(String text, List<String> command, String... names) throws Exception {
        Map<String, int[]> ports = new LinkedHashMap<>();
        String theirs = text.replace("DIRECTORY", directory.toString());
        for (Map.Entry<String, Named> each : servers.entrySet()) {
            theirs =
                    theirs.replaceAll(
                            "SERVER-" + each.getKey() + "\\b",
                            String.valueOf(each.getValue().port()));
        }
        for (String name : names) {
            int[] pair = {Site.freePort(), Site.freePort()};
            ports.put(name, pair);
            theirs = theirs.replaceAll("PORT-" + name + "\\b", String.valueOf(pair[0]));
        }
        Path file = Files.writeString(directory.resolve("theirs.conf"), theirs);
        Path log = directory.resolve("theirs.out");
        Process process =
                new ProcessBuilder(
                                command.stream()
                                        .map(
                                                word ->
                                                        word.equals("FILE")
                                                                ? file.toString()
                                                                : word.replace(
                                                                        "DIRECTORY",
                                                                        directory.toString()))
                                        .toList())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        open.add(
                () -> {
                    process.destroyForcibly();
                    process.waitFor();
                });
        Operator operator = new Operator();
        ExitCode code = operator.says("import", file.toString());
        assertThat(code).as(operator.err()).isEqualTo(ExitCode.DONE);
        String yaml = operator.out();
        for (int[] pair : ports.values()) {
            yaml = yaml.replace("127.0.0.1:" + pair[0], "127.0.0.1:" + pair[1]);
        }
        // Its orders are not for the state directory of this machine.
        String state = "  state-directory: %s/state\n".formatted(directory);
        Path config =
                Files.writeString(
                        directory.resolve("buoy.yaml"),
                        (("\n" + yaml).contains("\nprocess:\n")
                                        ? yaml.replaceFirst("(?m)^process:\n", "process:\n" + state)
                                        : "process:\n" + state + yaml)
                                + "admin: {socket: %s/admin.sock}\n".formatted(directory)
                                + (yaml.contains("\nstats:\n")
                                        ? ""
                                        : "stats: {bind: \"127.0.0.1:%d\"}\n"
                                                .formatted(Site.freePort())));
        open.add(Child.running(directory, config));
        for (int[] pair : ports.values()) {
            Child.await(
                    "the other to listen: " + Files.readString(log),
                    () -> {
                        assertThat(process.isAlive()).as(log.toString()).isTrue();
                        return listens(pair[0]);
                    });
        }
        return new Sides(ports);
    }

    private static boolean listens(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Chain and key in one file, as HAProxy has them. */
    Path pem() throws Exception {
        Path key = directory.resolve("site.key");
        Path crt = directory.resolve("site.crt");
        Process openssl =
                new ProcessBuilder(
                                OPENSSL.toString(),
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:prime256v1",
                                "-nodes",
                                "-keyout",
                                key.toString(),
                                "-out",
                                crt.toString(),
                                "-days",
                                "2",
                                "-subj",
                                "/CN=app.example.com",
                                "-addext",
                                "subjectAltName=DNS:app.example.com,DNS:*.example.com")
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("openssl.out").toFile())
                        .start();
        assertThat(openssl.waitFor()).isZero();
        return Files.writeString(
                directory.resolve("site.pem"), Files.readString(crt) + Files.readString(key));
    }

    // --- a client

    /** Who gets the first record of a client that begins TLS for this name. */
    static String serverFor(int port, String name) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        engine.setSSLParameters(parameters);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(Arrays.copyOf(hello.array(), hello.position()));
            return Answer.read(socket.getInputStream(), true).server();
        } catch (SocketException _) {
            return Answer.NONE.server();
        }
    }

    static Answer ask(int port, boolean tls, String request) {
        String[] words = request.split(" ", 4);
        String head =
                "%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n"
                        .formatted(
                                words[0],
                                words[1],
                                words[2],
                                words.length > 3 ? words[3] + "\r\n" : "");
        try (Socket socket = tls ? trusting(port) : connect(port)) {
            write(socket, head);
            return Answer.read(socket.getInputStream(), words[0].equals("HEAD"));
        } catch (SocketException _) {
            return Answer.NONE; // reset, as one that nobody takes may be
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(request, e);
        }
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) Child.PATIENCE.toMillis());
        return socket;
    }

    private static Socket trusting(int port) throws IOException, GeneralSecurityException {
        SSLContext context = AnyCertificate.context();
        Socket socket =
                context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) Child.PATIENCE.toMillis());
        return socket;
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Without its end; empty at the end of all too. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static Map<String, String> head(InputStream in) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return fields;
    }

    /**
     * What a client got.
     *
     * @param status 0: nothing
     * @param fields names in lower case
     * @param body of a server: what reached it
     */
    record Answer(int status, Map<String, String> fields, String body) {
        static final Answer NONE = new Answer(0, Map.of(), "");

        static Answer read(InputStream in, boolean headAlone) throws IOException {
            String first = line(in);
            if (first.isEmpty()) {
                return NONE;
            }
            Matcher matcher = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}).*").matcher(first);
            assertThat(matcher.matches()).as(first).isTrue();
            Map<String, String> fields = head(in);
            String body =
                    headAlone ? "" : new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return new Answer(Integer.parseInt(matcher.group(1)), fields, body);
        }

        String server() {
            return fields.getOrDefault("x-server", "none");
        }

        /** NGINX writes its port and all of the URL; no query is an empty one. */
        private static String location(String to) {
            return to.replaceFirst("^(https?://[^/:]+):[0-9]{5}(?=/)", "$1")
                    .replaceFirst("^https?://app\\.example\\.com(?=/)", "")
                    .replaceFirst("\\?$", "");
        }

        /** What has to be the same; of the application's two servers it may be either. */
        List<String> same() {
            List<String> same = new ArrayList<>();
            same.add(String.valueOf(status));
            same.add(server().replaceAll("app[12]", "app"));
            same.add(location(fields.getOrDefault("location", "nowhere else")));
            // The text of a redirect or refusal is each one's own.
            if (fields.containsKey("x-server")) {
                same.add("hsts " + fields.get("strict-transport-security"));
                same.add("powered " + fields.get("x-powered-by"));
                same.add(body.replaceAll("app[12] ", "app "));
            }
            return same;
        }
    }

    // --- a server

    /** Says its name, what it was asked, and those fields that proxies change. */
    private static final class Named implements AutoCloseable {
        /** The first octet of a client's first record (RFC 8446 5.1). */
        private static final int HANDSHAKE_RECORD = 22;

        private final String name;
        private final int health;
        private final List<String> shown;
        private final ServerSocket socket =
                new ServerSocket(0, 100, InetAddress.getLoopbackAddress());

        Named(String name, int health, List<String> shown) throws IOException {
            this.name = name;
            this.health = health;
            this.shown = shown;
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return socket.getLocalPort();
        }

        private void accept() {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    Thread.ofVirtual().start(() -> serve(client));
                } catch (SocketException _) {
                    return; // closed
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private void serve(Socket client) {
            try (client) {
                InputStream in = client.getInputStream();
                int octet = in.read();
                if (octet == HANDSHAKE_RECORD) {
                    // Nobody goes on with the handshake: who got it is all that is asked.
                    write(client, "HTTP/1.1 200 X\r\nX-Server: %s\r\n\r\n".formatted(name));
                    client.shutdownOutput();
                    in.readAllBytes();
                    return;
                }
                for (String first = (char) octet + line(in);
                        octet >= 0 && !first.isEmpty();
                        first = line(in)) {
                    Map<String, String> fields = head(in);
                    if (fields.containsKey("sec-websocket-key")) {
                        write(client, WEBSOCKET.replace("NAME", name).replace("\n", "\r\n"));
                        write(client, line(in) + "\n");
                        return;
                    }
                    answer(client, first, fields);
                    if (fields.getOrDefault("connection", "").equals("close")) {
                        return;
                    }
                }
            } catch (IOException _) {
                // The proxy has closed the connection, as it may.
            }
        }

        private void answer(Socket client, String first, Map<String, String> fields)
                throws IOException {
            StringBuilder body = new StringBuilder(name + " " + first.replaceAll(" HTTP.*", ""));
            shown.forEach(
                    field -> body.append('\n').append(field).append(' ').append(fields.get(field)));
            write(
                    client,
                    "HTTP/1.1 %d X\r\nX-Server: %s\r\nX-Powered-By: test\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(
                                    first.contains(" /health ") ? health : 200,
                                    name,
                                    body.length(),
                                    first.startsWith("HEAD ") ? "" : body));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

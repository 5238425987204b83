package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HAProxy with its own file and Buoy with the import of it, before the same servers: the same
 * requests get the same status, server and fields.
 *
 * <p>Longer than other files, because it has a client, servers and both balancers in it.
 */
class BesideHaproxyTest {
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");

    private static final String WEB =
            """
            global
                maxconn 200
            defaults
                mode http
                option forwardfor
                timeout connect 5s
                timeout client 30s
                timeout server 30s
                timeout tunnel 1h
            frontend plain
                bind 127.0.0.1:PORT-plain
                http-request redirect scheme https code 301 unless { ssl_fc }
            frontend web
                bind 127.0.0.1:PORT-web
                bind 127.0.0.1:PORT-tls ssl crt PEM alpn h2,http/1.1
                monitor-uri /monitor
                http-request set-header X-Real-IP %[src]
                http-request set-header X-Tls yes if { ssl_fc }
                http-request del-header X-Internal
                http-response set-header Strict-Transport-Security max-age=60
                http-response del-header X-Powered-By
                acl is_api path_beg /api/
                acl is_static path_end .css .js
                acl is_shop hdr(host) -i shop.example.com www.shop.example.com
                acl is_blog hdr_end(host) -i .blog.example.com
                acl is_user path_reg ^/user/[0-9]+$
                acl is_write method POST PUT
                acl local src 127.0.0.0/8
                acl office src 203.0.113.0/24
                acl admin path_beg /admin
                http-request deny if admin !office
                http-request deny deny_status 429 if { path /far } !local
                http-request deny deny_status 405 if { path /readonly } is_write
                http-request return status 200 content-type text/plain string "pong" if { path /ping }
                redirect location https://www.example.com/new code 301 if { path /old /older }
                redirect prefix https://example.org code 302 if { hdr(host) -i example.net }
                redirect location /elsewhere code 303 if { path /see }
                use_backend api if is_api or is_user
                use_backend static if is_static !is_shop
                use_backend shop if is_shop
                use_backend blog if is_blog { url_param(lang) de }
                use_backend beta if { req.hdr(X-Beta) -m str 1 }
                use_backend ws if { path_beg /ws }
                use_backend sorry if { path_beg /gone } { nbsrv(gone) lt 1 }
                use_backend gone if { path_beg /gone }
                default_backend app
            backend app
                balance roundrobin
                cookie SRV insert indirect nocache httponly
                option httpchk GET /health HTTP/1.1\\r\\nHost:\\ app.example.com
                http-check expect status 200
                default-server inter 200ms fall 2 rise 1
                server app1 127.0.0.1:SERVER-app1 check cookie a1
                server app2 127.0.0.1:SERVER-app2 check cookie a2
                server sick 127.0.0.1:SERVER-sick check cookie a3
            backend api
                http-request replace-path ^/api/(.*) /\\1
                server api1 127.0.0.1:SERVER-api
            backend static
                server s1 127.0.0.1:SERVER-static
            backend shop
                http-request deny if { path_beg /internal }
                server shop1 127.0.0.1:SERVER-shop
            backend blog
                server blog1 127.0.0.1:SERVER-blog
            backend beta
                server beta1 127.0.0.1:SERVER-beta
            backend ws
                server ws1 127.0.0.1:SERVER-ws
            backend gone
                server gone1 127.0.0.1:1 check inter 100ms fall 1
            backend sorry
                server sorry1 127.0.0.1:SERVER-sorry
            """;

    private static final String SESSIONS =
            """
            defaults
                mode tcp
                timeout connect 5s
                timeout client 30s
                timeout server 30s
            listen allow
                bind 127.0.0.1:PORT-allow
                tcp-request connection reject if !{ src 127.0.0.1 }
                server raw1 127.0.0.1:SERVER-raw
            listen reject
                bind 127.0.0.1:PORT-reject
                tcp-request connection reject if !{ src 203.0.113.0/24 }
                server raw1 127.0.0.1:SERVER-raw
            frontend names
                bind 127.0.0.1:PORT-names
                tcp-request inspect-delay 5s
                tcp-request content accept if { req.ssl_hello_type 1 }
                use_backend one if { req.ssl_sni -i one.example.com }
                use_backend two if { req.ssl_sni -m end .two.example.com }
            backend one
                server one1 127.0.0.1:SERVER-one
            backend two
                server two1 127.0.0.1:SERVER-two
            """;

    /** What is asked for: method, target, host and one more field; the same words at both. */
    private static final List<String> REQUESTS =
            List.of(
                    "GET /x api.example.com",
                    "GET /api/x app.example.com",
                    "GET /api/ app.example.com",
                    "GET /api/a/b?c=d app.example.com",
                    "GET /apix app.example.com",
                    "GET /user/17 app.example.com",
                    "GET /user/17x app.example.com",
                    "GET /style.css app.example.com",
                    "GET /style.css shop.example.com",
                    "GET /a/b/c.js blog.example.com",
                    "GET /cssx app.example.com",
                    "GET / shop.example.com",
                    "GET / SHOP.Example.com",
                    "GET / www.shop.example.com",
                    "GET / other.shop.example.com",
                    "GET /internal/x shop.example.com",
                    "GET /?lang=de a.blog.example.com",
                    "GET /?lang=en a.blog.example.com",
                    "GET /?x=1&lang=de a.b.blog.example.com",
                    "GET /?lang=de blog.example.com",
                    "GET /x app.example.com X-Beta: 1",
                    "GET /x app.example.com X-Beta: 2",
                    "GET /admin app.example.com",
                    "GET /admin.php app.example.com",
                    "GET /adm app.example.com",
                    "GET /far app.example.com",
                    "GET /readonly app.example.com",
                    "POST /readonly app.example.com",
                    "PUT /readonly app.example.com",
                    "DELETE /readonly app.example.com",
                    "GET /ping app.example.com",
                    "GET /monitor app.example.com",
                    "GET /old app.example.com",
                    "GET /older?x=1 app.example.com",
                    "GET /oldest app.example.com",
                    "GET /a?b=c example.net",
                    "GET /see?b=c app.example.com",
                    "GET /gone/x app.example.com",
                    "GET /ws/plain app.example.com",
                    "HEAD /api/x app.example.com",
                    "POST /api/x app.example.com",
                    "GET /x app.example.com X-Internal: secret");

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

    @TempDir Path directory;
    private final Map<String, Named> servers = new LinkedHashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void bothAreThere() {
        assumeTrue(Files.isExecutable(HAPROXY), "haproxy is not installed");
        assumeTrue(Files.isExecutable(OPENSSL), "openssl is not installed");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void requestsMeetTheSame() throws Exception {
        for (String name :
                List.of("app1", "app2", "api", "static", "shop", "blog", "beta", "ws", "sorry")) {
            server(name, 200);
        }
        server("sick", 500);
        Sides sides = sides(WEB.replace("PEM", pem().toString()), "plain", "web", "tls");
        for (int port : List.of(sides.theirs("web"), sides.ours("web"))) {
            Child.await("checks to have found who is down", () -> checksAreDone(port));
        }

        List<String> differences = new ArrayList<>();
        for (String port : List.of("web", "tls")) {
            for (String request : REQUESTS) {
                List<String> theirs = ask(sides.theirs(port), port.equals("tls"), request).same();
                List<String> ours = ask(sides.ours(port), port.equals("tls"), request).same();
                if (!theirs.equals(ours)) {
                    differences.add(
                            "%s at %s: HAProxy %s, Buoy %s".formatted(request, port, theirs, ours));
                }
            }
        }
        assertThat(differences).isEmpty();
        Answer redirect = ask(sides.ours("plain"), false, "GET /a?b=c app.example.com");
        assertThat(redirect.same())
                .isEqualTo(ask(sides.theirs("plain"), false, "GET /a?b=c app.example.com").same());
        assertThat(redirect.fields()).containsEntry("location", "https://app.example.com/a?b=c");
        for (int port : List.of(sides.theirs("web"), sides.ours("web"))) {
            webSocket(port);
            aCookieKeepsAClient(port);
        }
    }

    /** Nothing goes to a server that is not well, and nothing waits for one that is not there. */
    private static boolean checksAreDone(int port) {
        boolean well = ask(port, false, "GET /gone app.example.com").status() == 200;
        for (int i = 0; i < 6; i++) {
            well &= ask(port, false, "GET / app.example.com").server().startsWith("app");
        }
        return well;
    }

    private static void webSocket(int port) throws IOException {
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

    private static void aCookieKeepsAClient(int port) {
        Answer first = ask(port, false, "GET / app.example.com");
        String cookie = first.fields().getOrDefault("set-cookie", "");
        assertThat(cookie).startsWith("SRV=").containsIgnoringCase("httponly");
        assertThat(cookie.toLowerCase(Locale.ROOT)).doesNotContain("secure");
        String back = "GET / app.example.com Cookie: " + cookie.replaceAll(";.*", "");
        for (int i = 0; i < 5; i++) {
            assertThat(ask(port, false, back).server()).isEqualTo(first.server());
        }
    }

    @Test
    void sessionsMeetTheSame() throws Exception {
        for (String name : List.of("raw", "one", "two")) {
            server(name, 200);
        }
        Sides sides = sides(SESSIONS, "allow", "reject", "names");
        for (int port : List.of(sides.theirs("allow"), sides.ours("allow"))) {
            assertThat(ask(port, false, "GET / x").server()).isEqualTo("raw");
        }
        for (int port : List.of(sides.theirs("reject"), sides.ours("reject"))) {
            assertThat(ask(port, false, "GET / x").status()).as("nobody's").isZero();
        }
        for (int port : List.of(sides.theirs("names"), sides.ours("names"))) {
            assertThat(serverFor(port, "ONE.example.com")).isEqualTo("one");
            assertThat(serverFor(port, "a.two.example.com")).isEqualTo("two");
            assertThat(serverFor(port, "three.example.com")).isEqualTo("none");
        }
    }

    /** Who gets the first record of a client that begins TLS for this name. */
    private static String serverFor(int port, String name) throws Exception {
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

    // --- the two

    /**
     * Both running.
     *
     * @param ports of HAProxy and of Buoy by name
     */
    private record Sides(Map<String, int[]> ports) {
        int theirs(String name) {
            return Objects.requireNonNull(ports.get(name))[0];
        }

        int ours(String name) {
            return Objects.requireNonNull(ports.get(name))[1];
        }
    }

    private void server(String name, int health) throws IOException {
        Named server = new Named(name, health);
        servers.put(name, server);
        open.add(server);
    }

    private Sides sides(String text, String... names) throws Exception {
        Map<String, int[]> ports = new LinkedHashMap<>();
        String theirs = text;
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
        Path file = Files.writeString(directory.resolve("haproxy.cfg"), theirs);
        Path log = directory.resolve("haproxy.out");
        Process haproxy =
                new ProcessBuilder(HAPROXY.toString(), "-db", "-f", file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        open.add(
                () -> {
                    haproxy.destroyForcibly();
                    haproxy.waitFor();
                });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code =
                new Main(print(out), print(err), Map.of())
                        .execute(System.nanoTime(), "import", file.toString());
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.DONE);
        String yaml = out.toString(StandardCharsets.UTF_8);
        for (int[] pair : ports.values()) {
            yaml = yaml.replace("127.0.0.1:" + pair[0], "127.0.0.1:" + pair[1]);
        }
        Path config =
                Files.writeString(
                        directory.resolve("buoy.yaml"),
                        yaml
                                + "admin: {socket: %s/admin.sock}\nstats: {bind: \"127.0.0.1:%d\"}\n"
                                        .formatted(directory, Site.freePort()));
        open.add(Child.running(directory, config));
        for (int[] pair : ports.values()) {
            Child.await("HAProxy to listen: " + Files.readString(log), () -> listens(pair[0]));
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

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /** Chain and key in one file, as HAProxy has them. */
    private Path pem() throws Exception {
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

    private static Answer ask(int port, boolean tls, String request) {
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

    private static Socket connect(int port) throws IOException {
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

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Without its end; empty at the end of all too. */
    private static String line(InputStream in) throws IOException {
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
    private record Answer(int status, Map<String, String> fields, String body) {
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

        /** What has to be the same; of the application's two servers it may be either. */
        List<String> same() {
            List<String> same = new ArrayList<>();
            same.add(String.valueOf(status));
            same.add(server().replaceAll("app[12]", "app"));
            same.add(fields.getOrDefault("location", "nowhere else"));
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
        private static final List<String> SHOWN =
                List.of("host", "x-real-ip", "x-tls", "x-internal", "x-beta", "x-forwarded-for");

        /** The first octet of a client's first record (RFC 8446 5.1). */
        private static final int HANDSHAKE_RECORD = 22;

        private final String name;
        private final int health;
        private final ServerSocket socket =
                new ServerSocket(0, 100, InetAddress.getLoopbackAddress());

        Named(String name, int health) throws IOException {
            this.name = name;
            this.health = health;
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
            SHOWN.forEach(
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

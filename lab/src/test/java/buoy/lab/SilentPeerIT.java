package buoy.lab;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A peer whose link is cut says nothing any more, and its own kernel nothing for it. The other side
 * of the session is told all the same, in seconds instead of the kernel's two hours: by keep-alive
 * where nothing is said, and by the user timeout where something is on its way.
 */
@BesideOthers
@Needs(value = "ip", buoy = true)
class SilentPeerIT {
    /** Of what takes 5 s, and would take the kernel a quarter of an hour at least. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String CONFIG =
            """
            listeners:
              quiet: {bind: ["198.51.100.1:7000"], protocol: tcp, pool: quiet, tcp: %1$s}
              busy: {bind: ["198.51.100.1:7001"], protocol: tcp, pool: busy, tcp: %2$s}
            pools:
              quiet: {servers: ["198.51.100.11:7000"], health: {tcp: {}}, tcp: %1$s}
              busy: {servers: ["198.51.100.11:7001"], health: {tcp: {}}, tcp: %2$s}
            """
                    .formatted(
                            "{keep-alive: {idle: 2s, every: 1s, count: 3}}", "{user-timeout: 3s}");

    /** Says when each of its connections has ended, however. */
    private static final String SERVER =
            """
            import socket, sys, threading, time
            def serve(port, busy):
                def talk(c):
                    try:
                        c.sendall(b'hello')
                        while busy: c.sendall(b'x'); time.sleep(0.2)
                        while c.recv(100): print('heard', port, flush=True)
                    except OSError: pass
                    print('gone', port, flush=True)
                s = socket.create_server(('', port))
                while True:
                    c, _ = s.accept()
                    threading.Thread(target=talk, args=(c,), daemon=True).start()
            threading.Thread(target=serve, args=(7000, False), daemon=True).start()
            print('ready', flush=True)
            serve(7001, True)
            """;

    private static final String CLIENT =
            """
            import socket, sys, time
            port = int(sys.argv[1])
            c = socket.create_connection(('198.51.100.1', port))
            c.recv(5)
            c.sendall(b'hi')
            print('hello', flush=True)
            try:
                while c.recv(100): pass
            except OSError: pass
            print('gone', flush=True)
            """;

    /** A host with a script that runs on it. */
    private static Running python(Host host, String as, String script, String... arguments) {
        return host.start(as, words(script, arguments));
    }

    private static String[] words(String script, String... arguments) {
        String[] words = new String[3 + arguments.length];
        words[0] = "python3";
        words[1] = "-c";
        words[2] = script;
        System.arraycopy(arguments, 0, words, 3, arguments.length);
        return words;
    }

    @Test
    void aClientThatIsGoneIsGivenUp() {
        try (Lan lan = Lan.open("silent")) {
            Host client = lan.host("client", "198.51.100.200/24");
            Running server = start(lan, client);
            client.cutLink();
            server.awaitOutput("gone 7000", PATIENCE);
            server.awaitOutput("gone 7001", PATIENCE);
        }
    }

    @Test
    void aServerThatIsGoneIsGivenUp() {
        try (Lan lan = Lan.open("silent")) {
            Host client = lan.host("client", "198.51.100.200/24");
            Host serving = lan.host("server", "198.51.100.11/24");
            Running server = python(serving, "server", SERVER);
            server.awaitOutput("ready", PATIENCE);
            BuoyDaemon.start(lan.host("lb1", "198.51.100.1/24"), CONFIG);
            Running quiet = python(client, "quiet", CLIENT, "7000");
            quiet.awaitOutput("hello", PATIENCE);
            serving.cutLink();
            quiet.awaitOutput("gone", PATIENCE);
        }
    }

    private static Running start(Lan lan, Host client) {
        Running server = python(lan.host("server", "198.51.100.11/24"), "server", SERVER);
        server.awaitOutput("ready", PATIENCE);
        BuoyDaemon.start(lan.host("lb1", "198.51.100.1/24"), CONFIG);
        for (String port : new String[] {"7000", "7001"}) {
            python(client, "client" + port, CLIENT, port).awaitOutput("hello", PATIENCE);
        }
        return server;
    }
}

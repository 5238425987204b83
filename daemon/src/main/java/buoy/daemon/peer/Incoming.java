package buoy.daemon.peer;

import buoy.config.model.Endpoint;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.peer.wire.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Listens to the other hosts: a virtual thread that accepts, and one for each connection. */
final class Incoming {
    private static final String SOURCE = "peer";
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** The other end says that it is there every few seconds. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final Endpoint bind;
    private final SSLContext context;
    private final Message.Hello own;
    private final Shared shared;
    private final Log log;

    /** For those that have proved to know the secret. */
    private final Semaphore room;

    private final Strangers strangers = new Strangers(Wire.PATIENCE);
    private final Thread thread;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** By the other's address. */
    private final Map<String, Instant> heard = new ConcurrentHashMap<>();

    /**
     * Connections of each process: one that is back may be heard before the end of its old one is.
     * Guarded by itself.
     */
    private final Map<String, Integer> connections = new HashMap<>();

    /** Processes that have told everything since they connected. */
    private final Set<String> whole = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;
    private volatile @Nullable ServerSocket listening;

    /**
     * @param most connections at one time, of those that know the secret
     */
    Incoming(
            Endpoint bind,
            SSLContext context,
            Message.Hello own,
            Shared shared,
            int most,
            Log log) {
        this.bind = bind;
        this.context = context;
        this.own = own;
        this.shared = shared;
        this.log = log;
        this.room = new Semaphore(most);
        this.thread = Thread.ofVirtual().name("buoy-peer").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** When the host of this name last said something here. */
    Optional<Instant> heard(String host) {
        return Optional.ofNullable(heard.get(host));
    }

    /** How many other processes are connected and have told everything. */
    int whole() {
        return whole.size();
    }

    private void run() {
        boolean said = false;
        try {
            while (!closed) {
                try (ServerSocket server = new ServerSocket()) {
                    listening = server;
                    server.setReuseAddress(true);
                    server.bind(new InetSocketAddress(bind.address(), bind.port()));
                    log.info(SOURCE, "listens to the others at " + bind);
                    said = false;
                    accept(server);
                } catch (IOException e) {
                    // The address may come later, as that of a link that is not up yet.
                    if (!said && !closed) {
                        said = true;
                        log.warn(
                                SOURCE,
                                "cannot listen at %s: %s".formatted(bind, Outgoing.words(e)));
                    }
                }
                if (!closed) {
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException _) {
            // The end of this host.
        }
    }

    private void accept(ServerSocket server) throws IOException {
        while (!closed) {
            Socket socket = server.accept();
            open.add(socket);
            strangers.enter(socket);
            Thread.ofVirtual().name("buoy-peer-heard").start(() -> listen(socket));
        }
    }

    private void listen(Socket socket) {
        try (Wire wire = Wire.over(socket, context, false)) {
            admit(socket, wire);
        } catch (IOException e) {
            log.debug(
                    SOURCE,
                    "%s: %s".formatted(socket.getInetAddress(), Outgoing.words(e)),
                    Fields.NONE);
        } catch (RuntimeException bug) {
            log.error(SOURCE, "a bug while listening to " + socket.getInetAddress(), bug);
        } finally {
            var _ = strangers.leave(socket);
            open.remove(socket);
        }
    }

    private void admit(Socket socket, Wire wire) throws IOException {
        if (!(wire.hear() instanceof Message.Hello hello)) {
            throw new IOException("it does not say who it is");
        }
        wire.say(own);
        if (!strangers.leave(socket)) {
            throw new IOException("it took too long to say who it is");
        }
        if (hello.instance().equals(own.instance())) {
            return;
        }
        if (!room.tryAcquire()) {
            throw new IOException("there are too many connections");
        }
        try {
            wire.patience(SILENCE);
            hear(wire, hello);
        } finally {
            room.release();
        }
    }

    private void hear(Wire wire, Message.Hello hello) throws IOException {
        synchronized (connections) {
            connections.put(hello.instance(), connections.getOrDefault(hello.instance(), 0) + 1);
        }
        try {
            while (true) {
                Message message = wire.hear();
                heard.put(hello.host(), Instant.now());
                switch (message) {
                    case Message.Alive alive -> wire.say(alive);
                    case Message.Whole _ -> whole.add(hello.instance());
                    case Message.Hello _, Message.Unknown _ -> {}
                    case Message.Account _, Message.Certificate _, Message.Challenges _ ->
                            shared.heard(hello.host(), hello.instance(), message);
                }
            }
        } finally {
            synchronized (connections) {
                int left = connections.getOrDefault(hello.instance(), 1) - 1;
                if (left > 0) {
                    connections.put(hello.instance(), left);
                } else {
                    connections.remove(hello.instance());
                    whole.remove(hello.instance());
                    shared.gone(hello.instance());
                }
            }
        }
    }

    void close() {
        closed = true;
        thread.interrupt();
        strangers.close();
        ServerSocket server = listening;
        try {
            if (server != null) {
                server.close();
            }
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException _) {
            // They are being thrown away.
        }
    }
}

package buoy.daemon.peer;

import buoy.config.model.Endpoint;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.peer.wire.Frames;
import buoy.daemon.peer.wire.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Tells one other host what there is, as long as this one lives: on one virtual thread. */
final class Outgoing {
    private static final String SOURCE = "peer";
    private static final Duration TO_CONNECT = Duration.ofSeconds(3);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** With nothing to say, a word that this host is there. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    /** More changes than that at once are not told one by one: everything is told anew. */
    private static final int CHANGES = 256;

    private final Endpoint other;
    private final InetAddress from;
    private final SSLContext context;
    private final Message.Hello own;
    private final Shared shared;
    private final Log log;
    private final BlockingQueue<Message> changes = new ArrayBlockingQueue<>(CHANGES);
    private final Thread thread;

    private volatile boolean overrun;
    private volatile State state;
    private volatile @Nullable Wire wire;

    private record State(
            Optional<String> host, boolean connected, Instant since, String why, long told) {}

    /**
     * @param from the address of this host that it connects from
     * @param own what this host says first
     */
    Outgoing(
            Endpoint other,
            InetAddress from,
            SSLContext context,
            Message.Hello own,
            Shared shared,
            Log log) {
        this.other = other;
        this.from = from;
        this.context = context;
        this.own = own;
        this.shared = shared;
        this.log = log;
        this.state = new State(Optional.empty(), false, Instant.now(), "not tried yet", 0);
        this.thread = Thread.ofVirtual().name("buoy-peer-" + other).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Something changed. Never waits. */
    void tell(Message change) {
        if (state.connected() && !changes.offer(change)) {
            overrun = true;
        }
    }

    PeerStatus status(Optional<Instant> heard) {
        State now = state;
        return new PeerStatus(
                other.toString(),
                now.host(),
                now.connected(),
                now.since(),
                now.why(),
                now.told(),
                heard);
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!Thread.interrupted()) {
                try (Wire line = connect()) {
                    wire = line;
                    talk(line);
                } catch (IOException e) {
                    pause = state.connected() ? FIRST_PAUSE : pause;
                    lost(e);
                } catch (RuntimeException bug) {
                    log.error(SOURCE, other + ": a bug", bug);
                    lost(new IOException("a bug: " + bug));
                } finally {
                    wire = null;
                }
                Thread.sleep(pause);
                pause =
                        pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                                ? pause.multipliedBy(2)
                                : LONGEST_PAUSE;
            }
        } catch (InterruptedException _) {
            // The end of this host.
        }
    }

    private Wire connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(
                    new InetSocketAddress(other.address(), other.port()),
                    (int) TO_CONNECT.toMillis());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return Wire.over(socket, context, true);
    }

    private void talk(Wire line) throws IOException, InterruptedException {
        line.say(own);
        Message first = line.hear();
        if (!(first instanceof Message.Hello hello)) {
            throw new IOException("it does not say who it is");
        }
        if (hello.instance().equals(own.instance())) {
            throw new IOException("it is this host itself (name the others in peer.others)");
        }
        changes.clear();
        overrun = false;
        connected(hello);
        for (Message each : shared.all()) {
            say(line, each);
        }
        say(line, new Message.Whole());
        while (true) {
            Message change = changes.poll(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (overrun) {
                throw new IOException("too much changed at once; everything is told anew");
            }
            if (change != null) {
                say(line, change);
            } else {
                line.say(new Message.Alive());
                if (!(line.hear() instanceof Message.Alive)) {
                    throw new IOException("it does not answer as it should");
                }
            }
        }
    }

    private void say(Wire line, Message message) throws IOException {
        line.say(message);
        State now = state;
        state = new State(now.host(), now.connected(), now.since(), now.why(), now.told() + 1);
    }

    private void connected(Message.Hello hello) {
        state = new State(Optional.of(hello.host()), true, Instant.now(), "", state.told());
        log.info(
                SOURCE,
                "%s (%s): connected%s"
                        .formatted(
                                hello.host(),
                                other,
                                hello.version() == Frames.VERSION
                                        ? ""
                                        : ", it speaks version " + hello.version()),
                about(true));
    }

    private void lost(IOException e) {
        State now = state;
        String why = words(e);
        if (now.connected() || !now.why().equals(why)) {
            state =
                    new State(
                            now.host(),
                            false,
                            now.connected() ? Instant.now() : now.since(),
                            why,
                            now.told());
            log.warn(
                    SOURCE,
                    "%s: %s: %s".formatted(other, now.connected() ? "lost" : "not connected", why),
                    about(false).and("why", why));
        }
    }

    private Fields about(boolean connected) {
        return Fields.event(EventKind.PEER)
                .and("peer", other.toString())
                .and("connected", connected);
    }

    /** The innermost cause has the words. */
    static String words(IOException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    void close() {
        thread.interrupt();
        Wire open = wire;
        if (open != null) {
            try {
                open.close();
            } catch (IOException _) {
                // It is being thrown away.
            }
        }
    }
}

package buoy.daemon.upgrade;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The process whose place this one takes, as seen from here. */
public final class Predecessor implements AutoCloseable {
    /** Names the socket where it waits. */
    public static final String VARIABLE = "BUOY_UPGRADE";

    /** Of the messages. Whoever changes them in a way that an older Buoy misreads counts it up. */
    static final int VERSION = 2;

    static final String END = "end";
    static final String READY = "ready";
    static final String GO = "go";
    static final String TAKEN = "taken";

    /** Longer than the old one waits: who gives up first is the old one. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Passage passage;
    private final List<Passed> passed;

    private Predecessor(Passage passage, List<Passed> passed) {
        this.passage = passage;
        this.passed = List.copyOf(passed);
    }

    static String greeting() {
        return "buoy-upgrade " + VERSION;
    }

    /** Takes what it passes on; empty if this process was not started to take a place. */
    public static Optional<Predecessor> of(Map<String, String> environment) throws IOException {
        String path = environment.get(VARIABLE);
        if (path == null) {
            return Optional.empty();
        }
        if (!Epoll.isAvailable()) {
            throw new UpgradeFailed("descriptors cannot be taken without epoll");
        }
        Socket socket = Socket.newSocketDomain();
        Passage passage = new Passage(socket, System.nanoTime() + PATIENCE.toNanos());
        try {
            // A unix socket connects at once or not at all.
            if (!socket.connect(new DomainSocketAddress(path))) {
                throw new UpgradeFailed(path + ": it lets nobody in");
            }
            return Optional.of(new Predecessor(passage, take(passage)));
        } catch (IOException refusal) {
            passage.close();
            throw refusal;
        }
    }

    private static List<Passed> take(Passage passage) throws IOException {
        passage.say(greeting());
        List<Passed> all = new ArrayList<>();
        for (String line = passage.hear(); !line.equals(END); line = passage.hear()) {
            all.add(Passed.read(line, passage.receive()));
        }
        return all;
    }

    /** Everything; each descriptor belongs to whoever uses it. */
    public List<Passed> passed() {
        return passed;
    }

    /** Says that all is started, and waits to be let go. */
    public void awaitGo() throws IOException {
        passage.say(READY);
        passage.hear(GO);
    }

    /** Says that its place is taken: there is no way back. */
    public void taken() throws IOException {
        passage.say(TAKEN);
    }

    /** Says why its place is not taken, if it still listens. */
    public void sorry(String why) {
        try {
            passage.sorry(why);
        } catch (IOException _) {
            // It sees that this process ends, and says so.
        }
    }

    @Override
    public void close() throws IOException {
        passage.close();
    }
}

package buoy.daemon.upgrade;

import buoy.lb.PoolsKnown;
import buoy.vrrp.HandedOver;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The process whose place this one takes, as seen from here. */
public final class Predecessor implements AutoCloseable {
    /** Names the socket where it waits. */
    public static final String VARIABLE = "BUOY_UPGRADE";

    /** Of the messages. Whoever changes them in a way that an older Buoy misreads counts it up. */
    static final int VERSION = 3;

    static final String POOLS = "pools";
    static final String READY = "ready";
    static final String GO = "go";
    static final String TAKEN = "taken";

    /** Longer than the old one waits: who gives up first is the old one. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Passage passage;
    private final List<Passed> passed;
    private final Known known;

    /** What its balancer knows. */
    private record Known(PoolsKnown pools, Map<String, Instant> paused) {}

    private Predecessor(Passage passage, List<Passed> passed, Known known) {
        this.passage = passage;
        this.passed = List.copyOf(passed);
        this.known = known;
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
            return Optional.of(take(passage));
        } catch (IOException refusal) {
            passage.close();
            throw refusal;
        }
    }

    private static Predecessor take(Passage passage) throws IOException {
        passage.say(greeting());
        List<Passed> all = new ArrayList<>();
        String line = passage.hear();
        while (!line.startsWith(POOLS)) {
            all.add(Passed.read(line, passage.receive()));
            line = passage.hear();
        }
        return new Predecessor(
                passage,
                all,
                LineReader.all(
                        passage.textBehind(POOLS, line),
                        in -> new Known(PoolsText.read(in), PausedText.read(in))));
    }

    /** Everything; each descriptor belongs to whoever uses it. */
    public List<Passed> passed() {
        return passed;
    }

    /** What it knows of its pools. */
    public PoolsKnown pools() {
        return known.pools;
    }

    /** Its listeners that are paused, by name, since when: where they listened, nobody does. */
    public Map<String, Instant> pausedListeners() {
        return known.paused;
    }

    /**
     * Says that all is started, and waits to be let go.
     *
     * @param wanted the teams of routers that can go on here ({@link HandedOver#keys})
     * @return what it has let go of
     */
    public HandedOver awaitGo(Set<String> wanted) throws IOException {
        passage.sayText(READY, String.join("\n", wanted));
        return RoutersText.decode(passage.hearText(GO));
    }

    /** Waits until nothing but clients is left of it, but not for ever. */
    public void awaitEnd() throws IOException {
        passage.deadline(System.nanoTime() + PATIENCE.toNanos());
        passage.awaitEnd();
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

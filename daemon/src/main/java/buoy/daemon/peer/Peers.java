package buoy.daemon.peer;

import buoy.config.model.Peer;
import buoy.daemon.log.Log;
import buoy.daemon.peer.wire.Frames;
import buoy.daemon.peer.wire.Message;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The other Buoy hosts. That one of them is away hinders nothing here. */
public final class Peers implements AutoCloseable {
    /**
     * What the others have is waited for so long after the start, before something is got anew:
     * longer than they wait before they connect again.
     */
    private static final Duration TO_HEAR = Duration.ofSeconds(15);

    /** Where there are no others. */
    public static final Peers NONE = new Peers(List.of(), Optional.empty());

    private final List<Outgoing> others;
    private final Optional<Incoming> incoming;
    private final long startedAt = System.nanoTime();

    private Peers(List<Outgoing> others, Optional<Incoming> incoming) {
        this.others = others;
        this.incoming = incoming;
    }

    /** Listens and connects from now on, as {@link #of} and {@link #begin} at once. */
    static Peers start(Peer settings, String host, Shared shared, Log log) {
        Peers peers = of(settings, host, shared, log);
        peers.begin();
        return peers;
    }

    /**
     * Those of a configuration.
     *
     * @param host this host's name
     */
    public static Peers of(Peer settings, String host, Shared shared, Log log) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        Message.Hello own =
                new Message.Hello(Frames.VERSION, HexFormat.of().formatHex(random), host);
        SSLContext context = Wire.context(PeerKey.of(settings.key()));
        // Each may be back before its old connection is known to be dead.
        int most = 2 * settings.others().size() + 2;
        Incoming incoming = new Incoming(settings.bind(), context, own, shared, most, log);
        List<Outgoing> others =
                settings.others().stream()
                        .map(
                                other ->
                                        new Outgoing(
                                                other,
                                                settings.bind().address(),
                                                context,
                                                own,
                                                shared,
                                                log))
                        .toList();
        return new Peers(others, Optional.of(incoming));
    }

    /** Listens and connects from now on. */
    public void begin() {
        incoming.ifPresent(Incoming::start);
        others.forEach(Outgoing::start);
    }

    /** Tells all others that something changed. Never waits. */
    public void tell(Message change) {
        others.forEach(other -> other.tell(change));
    }

    /**
     * Whether what the others have is known here, or they had time enough to say it.
     *
     * @param now by {@link System#nanoTime}
     */
    public boolean settled(long now) {
        return incoming.map(Incoming::whole).orElse(0) >= others.size()
                || now - startedAt > TO_HEAR.toNanos();
    }

    public List<PeerStatus> status() {
        return others.stream()
                .map(
                        other -> {
                            PeerStatus now = other.status(Optional.empty());
                            return other.status(
                                    now.host()
                                            .flatMap(
                                                    host ->
                                                            incoming.flatMap(
                                                                    in -> in.heard(host))));
                        })
                .toList();
    }

    @Override
    public void close() {
        others.forEach(Outgoing::close);
        incoming.ifPresent(Incoming::close);
    }
}

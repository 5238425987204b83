package buoy.lb.listen;

import buoy.lb.worker.Worker;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The listener that one address belongs to. A reload may give the address to another one: who
 * connects then comes there, and the sockets stay. Those for datagrams cannot go along, for they
 * have the sessions of their listener.
 */
public final class Owner {
    private volatile Listening listening;

    public Owner(Listening listening) {
        this.listening = listening;
    }

    public Listening listening() {
        return listening;
    }

    /** Who connects from now on comes to this one. */
    public void becomes(Listening other) {
        listening = other;
    }

    /** Those of one worker. Called there. */
    void accepted(Worker worker, DuplexChannel channel) {
        listening.accepted(worker, channel);
    }

    /**
     * Binds on one worker.
     *
     * @param open whether anybody is let in before auto-read is turned on
     */
    public ChannelFuture bind(Worker worker, InetSocketAddress address, boolean open) {
        return switch (listening.front()) {
            case ConnectionFront _ -> worker.listen(address, open, () -> worker, this::accepted);
            case DatagramFront front ->
                    worker.receive(address, open, front.receiver(worker, listening));
        };
    }

    /**
     * As {@link #bind} with a socket that is bound already. Nobody is let in until auto-read is
     * turned on.
     *
     * @param descriptor belongs to the channel from now on
     */
    public ChannelFuture adopt(Worker worker, int descriptor) {
        return switch (listening.front()) {
            case ConnectionFront _ -> worker.adopt(descriptor, this::accepted);
            case DatagramFront front ->
                    worker.adoptDatagrams(descriptor, front.receiver(worker, listening));
        };
    }

    /**
     * Binds on the first worker for all of them, in turns.
     *
     * @param open whether anybody is let in before auto-read is turned on
     */
    public ChannelFuture bindForAll(
            List<Worker> workers, UnixDomainSocketAddress address, boolean open) {
        return workers.getFirst().listen(address, open, inTurns(workers), this::accepted);
    }

    /** As {@link #bindForAll} with a socket that listens already, as {@link #adopt}. */
    public ChannelFuture adoptForAll(List<Worker> workers, int descriptor) {
        return workers.getFirst().adoptUnix(descriptor, inTurns(workers), this::accepted);
    }

    private static Supplier<Worker> inTurns(List<Worker> workers) {
        Iterator<Worker> turns = Stream.generate(() -> workers).flatMap(List::stream).iterator();
        return turns::next;
    }
}

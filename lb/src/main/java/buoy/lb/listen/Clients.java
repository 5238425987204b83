package buoy.lb.listen;

import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.proxy.Ends;
import buoy.lb.worker.Worker;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client connections of one listener on one worker, each where it came to on this host, in the
 * order in which they came. Only that worker may touch it.
 */
public final class Clients {
    private final Guests<Place> guests = new Guests<>();
    private final Runnable left;

    /**
     * @param left run for each that has left
     */
    Clients(Runnable left) {
        this.left = left;
    }

    /** A connection that was let in: a link of the chain as long as a client is at it. */
    final class Place extends Guests.Link<Place> implements ChannelFutureListener, Client.Seat {
        private final DuplexChannel channel;
        private final long number;
        private final long came = System.nanoTime();
        private Ends ends;
        private @Nullable Client client;
        private boolean gone;

        /** It was there when its client was asked to go. */
        private boolean asked;

        private Place(DuplexChannel channel, long number) {
            this.channel = channel;
            this.number = number;
            this.ends = Ends.UNKNOWN;
        }

        /** Who is at it from now on; nobody if it has left already. */
        void has(Client now, Ends whose) {
            if (gone) {
                return;
            }
            if (client == null) {
                guests.add(this);
            }
            client = now;
            ends = whose;
            now.isAt(this);
        }

        @Override
        public void takenBy(Client next) {
            client = next;
        }

        /** Its connection is closed. */
        @Override
        public void operationComplete(ChannelFuture closed) {
            gone = true;
            if (client != null) {
                guests.remove(this);
            }
            left.run();
        }

        /** Tells it that the next answer is the last. */
        void lastAnswer(Worker worker) {
            worker.sendWithoutAddress(channel);
            if (client != null) {
                client.endWithNextAnswer();
            }
        }

        @Override
        public long number() {
            return number;
        }

        @Override
        public long came() {
            return came;
        }

        @Override
        public Ends ends() {
            return ends;
        }

        @Override
        public boolean isHere() {
            return !gone;
        }

        @Override
        public Doing doing() {
            return client == null ? Doing.of(Doing.State.BEGINNING) : client.doing();
        }

        @Override
        public void cut(Reason reason) {
            if (client == null) {
                return;
            }
            boolean ends = client.doing().state() == Doing.State.ENDING;
            client.cut(reason);
            if (ends) {
                // Its last words may be for one that takes nothing: then they never end.
                var _ = channel.close();
            }
        }

        private Client.Activity activity() {
            return client == null ? Client.Activity.IDLE : client.activity();
        }
    }

    /** A connection was let in; nobody is at it yet. */
    Place arrives(Worker worker, DuplexChannel channel) {
        Place place = new Place(channel, worker.number());
        var _ = channel.closeFuture().addListener(place);
        return place;
    }

    /** Those at which a client is. */
    public Guests<?> guests() {
        return guests;
    }

    /**
     * Every answer from now on is the last of its connection, and reaches its client even if the
     * address is gone by then: it has no other way to learn that there is none.
     *
     * @param worker whose clients these are
     */
    public void endWithNextAnswer(Worker worker, CameTo at) {
        guests.look(place -> place.asked = false);
        each(
                at,
                place -> {
                    place.asked = true;
                    place.lastAnswer(worker);
                });
    }

    /** Lets every connection finish what is under way; those that are idle are closed. */
    public void drain(CameTo at) {
        each(
                at,
                place -> {
                    if (place.client != null) {
                        place.client.drain();
                    }
                });
    }

    /** Closes every connection. */
    public void cut(Reason reason) {
        each(new CameTo.Anywhere(), place -> place.cut(reason));
    }

    /**
     * Closes every connection to an address that another host has now. The address is no longer
     * ours, and the clients are told all the same: they come back at once, and reach that host.
     *
     * @param worker whose clients these are
     */
    public void cutMoved(Worker worker, CameTo at) {
        each(
                at,
                place -> {
                    worker.sendWithoutAddress(place.channel);
                    place.cut(Reason.ADDRESS_MOVED);
                });
    }

    /** Who is there now. It is asked again and again while clients go, however many there are. */
    public Presence presence(CameTo at) {
        Count count = new Count();
        guests.look(
                place -> {
                    if (at.includes(place.channel)) {
                        count.add(place);
                    }
                });
        return new Presence(count.idle, count.exchanges, count.earlier, count.sessions);
    }

    private static final class Count {
        private int idle;
        private int exchanges;
        private int earlier;
        private int sessions;

        void add(Place place) {
            switch (place.activity()) {
                case IDLE -> idle++;
                case EXCHANGE -> {
                    exchanges++;
                    if (place.asked) {
                        earlier++;
                    }
                }
                case SESSION -> sessions++;
            }
        }
    }

    private void each(CameTo at, Consumer<Place> action) {
        // A copy: whoever comes because of one that goes is not meant.
        for (Place place : guests.all()) {
            if (at.includes(place.channel)) {
                action.accept(place);
            }
        }
    }
}

package buoy.lb.listen;

import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.proxy.Ends;
import buoy.lb.worker.Worker;
import io.netty.channel.socket.DuplexChannel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client connections of one listener on one worker, each where it came to on this host, in the
 * order in which they came. Only that worker may touch it.
 */
public final class Clients {
    private @Nullable Place first;
    private @Nullable Place last;

    /** Those that are under way: mostly none. */
    private final List<Walk> walks = new ArrayList<>();

    /** A connection that was let in: a link of the chain as long as a client is at it. */
    final class Place implements Guest {
        private final DuplexChannel channel;
        private final long number;
        private final long came = System.nanoTime();
        private Ends ends;
        private @Nullable Client client;
        private @Nullable Place before;
        private @Nullable Place next;

        private boolean left;

        /** It was there when its client was asked to go. */
        private boolean asked;

        private Place(DuplexChannel channel, long number) {
            this.channel = channel;
            this.number = number;
            this.ends = Ends.UNKNOWN;
        }

        /** Who is at it from now on; nobody if it has left already. */
        void has(Client now, Ends whose) {
            if (left) {
                return;
            }
            if (client == null) {
                append(this);
            }
            client = now;
            ends = whose;
        }

        /** For good. */
        void leaves() {
            left = true;
            if (client != null) {
                unlink(this);
            }
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
            return !left;
        }

        @Override
        public Doing doing() {
            return client == null ? Doing.of(Doing.State.BEGINNING) : client.doing();
        }

        @Override
        public void cut(Reason reason) {
            if (client != null) {
                client.cut(reason);
            }
        }

        private Client.Activity activity() {
            return client == null ? Client.Activity.IDLE : client.activity();
        }
    }

    /** A connection was let in; nobody is at it yet. */
    Place arrives(Worker worker, DuplexChannel channel) {
        return new Place(channel, worker.number());
    }

    private void append(Place place) {
        Place end = last;
        place.before = end;
        if (end == null) {
            first = place;
        } else {
            end.next = place;
        }
        last = place;
    }

    private void unlink(Place place) {
        Place before = place.before;
        Place next = place.next;
        if (before == null) {
            first = next;
        } else {
            before.next = next;
        }
        if (next == null) {
            last = before;
        } else {
            next.before = before;
        }
        for (Walk walk : walks) {
            if (walk.ahead == place) {
                walk.ahead = next;
            }
        }
        // One that has left and grown old would keep all that came behind it from a young
        // collection.
        place.before = null;
        place.next = null;
    }

    /**
     * From the one that came first. Clients may come and leave between one and the next: whoever is
     * there all the time is met once. To be ended.
     */
    public Walk walk() {
        return new Walk();
    }

    /** Along all that are here. */
    public final class Walk implements Iterator<Guest> {
        private @Nullable Place ahead = first;

        private Walk() {
            walks.add(this);
        }

        @Override
        public boolean hasNext() {
            return ahead != null;
        }

        @Override
        public Guest next() {
            Place place = ahead;
            if (place == null) {
                throw new NoSuchElementException();
            }
            ahead = place.next;
            return place;
        }

        /** It goes no further. */
        public void end() {
            ahead = null;
            walks.remove(this);
        }
    }

    /**
     * Every answer from now on is the last of its connection, and reaches its client even if the
     * address is gone by then: it has no other way to learn that there is none.
     *
     * @param worker whose clients these are
     */
    public void endWithNextAnswer(Worker worker, CameTo at) {
        each(new CameTo.Anywhere(), place -> place.asked = false);
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

    public Presence presence(CameTo at) {
        EnumMap<Client.Activity, Integer> busy = new EnumMap<>(Client.Activity.class);
        int[] earlier = {0};
        each(
                at,
                place -> {
                    Client.Activity activity = place.activity();
                    busy.merge(activity, 1, Integer::sum);
                    if (activity == Client.Activity.EXCHANGE && place.asked) {
                        earlier[0]++;
                    }
                });
        return new Presence(
                busy.getOrDefault(Client.Activity.IDLE, 0),
                busy.getOrDefault(Client.Activity.EXCHANGE, 0),
                earlier[0],
                busy.getOrDefault(Client.Activity.SESSION, 0));
    }

    private void each(CameTo at, Consumer<Place> action) {
        // A copy: whoever comes because of one that goes is not meant.
        List<Place> present = new ArrayList<>();
        for (Place place = first; place != null; place = place.next) {
            present.add(place);
        }
        for (Place place : present) {
            if (at.includes(place.channel)) {
                action.accept(place);
            }
        }
    }
}

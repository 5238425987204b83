package buoy.lb.listen;

import buoy.lb.pool.Reason;
import buoy.lb.worker.Worker;
import io.netty.channel.socket.DuplexChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The client connections of one listener on one worker, each where it came to on this host. Only
 * that worker may touch it.
 */
public final class Clients {
    private final IdentityHashMap<DuplexChannel, Client> present = new IdentityHashMap<>();

    /** Those that were there when they were asked to go; empty while nobody is. */
    private Set<DuplexChannel> asked = Set.of();

    void add(DuplexChannel channel, Client client) {
        present.put(channel, client);
    }

    void remove(DuplexChannel channel) {
        present.remove(channel);
        if (!asked.isEmpty()) {
            asked.remove(channel);
        }
    }

    /**
     * Every answer from now on is the last of its connection, and reaches its client even if the
     * address is gone by then: it has no other way to learn that there is none.
     *
     * @param worker whose clients these are
     */
    public void endWithNextAnswer(Worker worker, CameTo at) {
        asked = Collections.newSetFromMap(new IdentityHashMap<>());
        each(
                at,
                (channel, client) -> {
                    asked.add(channel);
                    lastAnswer(worker, channel, client);
                });
    }

    /** For one of them, or one that has come since. */
    static void lastAnswer(Worker worker, DuplexChannel channel, Client client) {
        worker.sendWithoutAddress(channel);
        client.endWithNextAnswer();
    }

    /** Lets every connection finish what is under way; those that are idle are closed. */
    public void drain(CameTo at) {
        each(at, (_, client) -> client.drain());
    }

    /** Closes every connection. */
    public void cut(Reason reason) {
        each(new CameTo.Anywhere(), (_, client) -> client.cut(reason));
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
                (channel, client) -> {
                    worker.sendWithoutAddress(channel);
                    client.cut(Reason.ADDRESS_MOVED);
                });
    }

    public Presence presence(CameTo at) {
        EnumMap<Client.Activity, Integer> busy = new EnumMap<>(Client.Activity.class);
        int[] earlier = {0};
        each(
                at,
                (channel, client) -> {
                    Client.Activity activity = client.activity();
                    busy.merge(activity, 1, Integer::sum);
                    if (activity == Client.Activity.EXCHANGE && asked.contains(channel)) {
                        earlier[0]++;
                    }
                });
        return new Presence(
                busy.getOrDefault(Client.Activity.IDLE, 0),
                busy.getOrDefault(Client.Activity.EXCHANGE, 0),
                earlier[0],
                busy.getOrDefault(Client.Activity.SESSION, 0));
    }

    private void each(CameTo at, BiConsumer<DuplexChannel, Client> action) {
        // A copy: connections that close leave meanwhile.
        for (Map.Entry<DuplexChannel, Client> entry : new ArrayList<>(present.entrySet())) {
            if (at.includes(entry.getKey())) {
                action.accept(entry.getKey(), entry.getValue());
            }
        }
    }
}

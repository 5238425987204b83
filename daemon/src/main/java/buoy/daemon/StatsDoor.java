package buoy.daemon;

import buoy.config.model.Endpoint;
import buoy.daemon.admin.Door;
import buoy.daemon.admin.DoorLoop;
import buoy.daemon.admin.DoorRefused;
import buoy.daemon.admin.Handler;
import org.jspecify.annotations.Nullable;

/** The stats address, which a reload may move. For one thread at a time. */
final class StatsDoor implements AutoCloseable {
    private final DoorLoop loop;
    private final Handler handler;
    private Endpoint bind;
    private Door door;
    private @Nullable Door next;

    StatsDoor(DoorLoop loop, Endpoint bind, Handler handler) throws DoorRefused {
        this.loop = loop;
        this.handler = handler;
        this.bind = bind;
        this.door = Door.tcp(loop, bind, handler);
    }

    /**
     * Opens the other address beside this one, until {@link #commit} or {@link #rollback}. Where
     * the kernel allows one of the two at a time (same port, one of them 0.0.0.0), the old one is
     * closed for the moment it takes to know.
     *
     * @throws DoorRefused if it cannot be had; the old one is open then
     */
    void prepare(Endpoint wanted) throws DoorRefused {
        if (wanted.equals(bind)) {
            return;
        }
        if (wanted.port() != bind.port() || wanted.port() == 0) {
            next = Door.tcp(loop, wanted, handler);
            return;
        }
        door.close();
        try {
            next = Door.tcp(loop, wanted, handler);
        } catch (DoorRefused refused) {
            door = Door.tcp(loop, bind, handler);
            throw refused;
        }
    }

    /** The other address is the one from now on. */
    void commit(Endpoint wanted) {
        if (next != null) {
            door.close();
            door = next;
            next = null;
            bind = wanted;
        }
    }

    /** Nothing was changed after all. */
    void rollback(Endpoint wanted) throws DoorRefused {
        if (next != null) {
            next.close();
            next = null;
            if (wanted.port() == bind.port() && wanted.port() != 0) {
                door = Door.tcp(loop, bind, handler);
            }
        }
    }

    /** The port bound, for tests that asked for any. */
    int port() {
        return door.port();
    }

    @Override
    public void close() {
        door.close();
    }
}

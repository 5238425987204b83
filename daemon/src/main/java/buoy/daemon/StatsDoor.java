package buoy.daemon;

import buoy.config.model.Endpoint;
import buoy.config.model.StatsSettings;
import buoy.daemon.admin.Door;
import buoy.daemon.admin.DoorLoop;
import buoy.daemon.admin.DoorRefused;
import buoy.daemon.admin.Handler;
import buoy.daemon.log.Log;
import buoy.daemon.upgrade.Passed;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The stats address, which a reload may move, and who may come in. For one thread at a time.
 *
 * <p>While it is not decided which of two configurations holds, whoever comes has to satisfy the
 * users of the next one, if it has any, and may act if both want it: no address is ever open to
 * more than one of the two wants.
 */
final class StatsDoor implements AutoCloseable {
    private final DoorLoop loop;
    private final StatsLogin login;
    private StatsSettings settings;
    private Door door;
    private @Nullable Door next;

    StatsDoor(DoorLoop loop, StatsSettings settings, Handler handler, Log log) throws DoorRefused {
        this(loop, settings, handler, log, OptionalInt.empty());
    }

    /**
     * @param passedOn what the process before this one listens with at that address
     */
    StatsDoor(DoorLoop loop, StatsSettings settings, Handler handler, Log log, OptionalInt passedOn)
            throws DoorRefused {
        this.loop = loop;
        this.login = new StatsLogin(settings, handler, log);
        this.settings = settings;
        this.door =
                passedOn.isPresent()
                        ? Door.passedOn(loop, settings.bind(), passedOn.getAsInt(), login)
                        : open(settings);
    }

    private Door open(StatsSettings at) throws DoorRefused {
        return Door.tcp(loop, at.bind(), login);
    }

    /**
     * Opens the other address beside this one, until {@link #commit} or {@link #rollback}. Where
     * the kernel allows one of the two at a time (same port, one of them 0.0.0.0), the old one is
     * closed for the moment it takes to know.
     *
     * @throws DoorRefused if it cannot be had; the old one is open then
     */
    void prepare(StatsSettings wanted) throws DoorRefused {
        login.obey(
                new StatsSettings(
                        settings.bind(),
                        wanted.users().or(settings::users),
                        wanted.actions() && settings.actions()));
        try {
            move(wanted);
        } catch (DoorRefused refused) {
            login.obey(settings);
            throw refused;
        }
    }

    private void move(StatsSettings wanted) throws DoorRefused {
        if (wanted.bind().equals(settings.bind())) {
            return;
        }
        if (!isInTheWay(wanted.bind())) {
            next = open(wanted);
            return;
        }
        door.close();
        try {
            next = open(wanted);
        } catch (DoorRefused refused) {
            door = open(settings);
            throw refused;
        }
    }

    private boolean isInTheWay(Endpoint wanted) {
        return wanted.port() == settings.bind().port() && wanted.port() != 0;
    }

    /** The other one holds from now on. */
    void commit(StatsSettings wanted) {
        if (next != null) {
            door.close();
            door = next;
            next = null;
        }
        settings = wanted;
        login.obey(wanted);
    }

    /** Nothing was changed after all. */
    void rollback(StatsSettings wanted) throws DoorRefused {
        if (next != null) {
            next.close();
            next = null;
            if (isInTheWay(wanted.bind())) {
                door = open(settings);
            }
        }
        login.obey(settings);
    }

    /** Who comes to what the process before this one opened is let in from now on. */
    void begin() throws DoorRefused {
        door.appear();
    }

    /** To be passed on; empty where it cannot be. */
    Optional<Passed> passable() {
        OptionalInt descriptor = door.descriptor();
        return descriptor.isPresent()
                ? Optional.of(new Passed.Stats(settings.bind(), descriptor.getAsInt()))
                : Optional.empty();
    }

    @Override
    public void close() {
        door.close();
        login.close();
    }
}

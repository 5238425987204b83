package buoy.linux;

import java.util.function.Consumer;
import sun.misc.Signal;

/**
 * Signals sent to this process.
 *
 * <p>They are caught with {@code sun.misc.Signal}, the only way that is sound both on HotSpot and
 * in a native image. A {@code signalfd} needs the signal blocked in every thread, and the virtual
 * machine's own threads unblock SIGHUP, SIGINT and SIGTERM for themselves; a handler of our own is
 * a callback from C, which JNR cannot give a native image; a shutdown hook hears the end alone, not
 * SIGHUP as a reload. The class is in the supported module {@code jdk.unsupported}, but no
 * annotation suppresses javac's warning about it: this module's pom says how this file is compiled
 * without. Only this class uses it.
 */
public enum Signals {
    HUP,
    INT,
    TERM,
    USR1,
    USR2,
    WINCH;

    /**
     * From now on the action is run, on a thread of its own, in place of what the signal did
     * before: mostly, ending the process.
     *
     * @throws IllegalArgumentException if the virtual machine keeps the signal for itself
     */
    public void handle(Consumer<Signals> action) {
        var _ = Signal.handle(new Signal(name()), _ -> action.accept(this));
    }
}

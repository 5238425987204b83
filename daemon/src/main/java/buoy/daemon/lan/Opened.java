package buoy.daemon.lan;

import buoy.linux.SyscallFailed;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Something opened when first used, by the thread that uses it; tried again if that was refused.
 */
final class Opened<T> {
    private final Refusal.Call<T> opening;
    private Optional<T> opened = Optional.empty();

    Opened(Refusal.Call<T> opening) {
        this.opening = opening;
    }

    T get() throws SyscallFailed {
        if (opened.isEmpty()) {
            opened = Optional.of(opening.make());
        }
        return opened.get();
    }

    /** Does this with it if it was opened. */
    void ifOpened(Consumer<T> action) {
        opened.ifPresent(action);
    }
}

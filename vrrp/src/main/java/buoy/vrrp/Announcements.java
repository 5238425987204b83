package buoy.vrrp;

import buoy.config.model.VirtualRouter.Announce;
import buoy.vrrp.core.Ticks;
import java.time.Duration;
import java.util.Optional;

/**
 * When the neighbours are told next. A series of a few, because a single frame may be lost or come
 * before a switch has learnt the port, and then a refresh now and then, if wanted.
 */
final class Announcements {
    private Announce settings;
    private int remaining;
    private Optional<Ticks> next = Optional.empty();

    Announcements(Announce settings) {
        this.settings = settings;
    }

    void change(Announce other) {
        settings = other;
    }

    /** Begins a series: the first is due at once. */
    void begin(Ticks now) {
        remaining = Math.max(1, settings.repeat());
        next = Optional.of(now);
    }

    /** Those still to come; empty if there are none. */
    Optional<HandedOver.Pending> pending() {
        return next.map(at -> new HandedOver.Pending(remaining, at));
    }

    /** Goes on with a series that was begun elsewhere. */
    void goOn(HandedOver.Pending pending) {
        remaining = pending.remaining();
        next = Optional.of(pending.next());
    }

    void end() {
        remaining = 0;
        next = Optional.empty();
    }

    /** When {@link #due} is to be asked again. */
    Optional<Ticks> deadline() {
        return next;
    }

    /** Whether to announce now; the next one is then planned. */
    boolean due(Ticks now) {
        if (next.isEmpty() || !now.isAtOrAfter(next.get())) {
            return false;
        }
        remaining = Math.max(0, remaining - 1);
        Duration pause = remaining > 0 ? settings.every() : settings.refresh();
        next = remaining > 0 || !pause.isZero() ? Optional.of(now.plus(pause)) : Optional.empty();
        return true;
    }
}

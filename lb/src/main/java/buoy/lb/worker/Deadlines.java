package buoy.lb.worker;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * When to look at which connection again, for one worker: a wheel of lists, one list for each tick.
 *
 * <p>Lazy: moving a deadline into the future, which happens with every exchange, is one write. Its
 * place in the wheel stays; when that tick comes and the deadline is not due, it is put where it
 * belongs. So a deadline is touched about once in its own length, however busy its connection.
 */
public final class Deadlines {
    private static final int SLOTS = 1024;

    private final long tickNanos;
    private final @Nullable Timed[] slots = new @Nullable Timed[SLOTS];
    private final long origin;

    /** The tick that was swept last. */
    private long swept;

    /** Something with a deadline: a link of the list it is in, so that it costs no object more. */
    public abstract static class Timed {
        private long at;
        private long tick = -1;
        private @Nullable Timed previous;
        private @Nullable Timed next;

        /** The time has come; the deadline is off, unless it is set again. */
        protected abstract void expired();
    }

    /** For what is something else already, or has several. */
    public static final class Deadline extends Timed {
        private final Runnable told;

        /**
         * @param told as {@link Timed#expired}
         */
        public Deadline(Runnable told) {
            this.told = told;
        }

        @Override
        protected void expired() {
            told.run();
        }
    }

    Deadlines(long now, long tickNanos) {
        this.origin = now;
        this.tickNanos = tickNanos;
    }

    /** The deadline is at {@code at}, in the clock's nanoseconds: late by one tick at most. */
    void set(Timed deadline, long at) {
        deadline.at = at;
        long tick = tickOf(at);
        if (deadline.tick >= 0) {
            if (deadline.tick <= tick) {
                return;
            }
            unlink(deadline);
        }
        link(deadline, tick);
    }

    void off(Timed deadline) {
        if (deadline.tick >= 0) {
            unlink(deadline);
        }
    }

    /** Runs what is due. */
    void sweep(long now) {
        long due = (now - origin) / tickNanos;
        while (swept < due) {
            swept++;
            boolean done = false;
            try {
                expire((int) (swept & SLOTS - 1), now);
                done = true;
            } finally {
                if (!done) {
                    swept--; // one has failed: the next sweep is for those behind it
                }
            }
        }
    }

    private void expire(int slot, long now) {
        // One by one: what expires may turn others of this list off. None is put back into it.
        for (Timed deadline = slots[slot]; deadline != null; deadline = slots[slot]) {
            unlink(deadline);
            if (deadline.at - now > 0) {
                link(deadline, tickOf(deadline.at));
            } else {
                deadline.expired();
            }
        }
    }

    private long tickOf(long at) {
        return (at - origin) / tickNanos + 1;
    }

    private void link(Timed deadline, long tick) {
        // Beyond the wheel's horizon: looked at there, and put further.
        long placed = Math.clamp(tick, swept + 1, swept + SLOTS - 1);
        int slot = (int) (placed & SLOTS - 1);
        Timed first = slots[slot];
        deadline.tick = placed;
        deadline.next = first;
        if (first != null) {
            first.previous = deadline;
        }
        slots[slot] = deadline;
    }

    private void unlink(Timed deadline) {
        Timed previous = deadline.previous;
        Timed next = deadline.next;
        if (previous != null) {
            previous.next = next;
        } else {
            slots[(int) (deadline.tick & SLOTS - 1)] = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        deadline.tick = -1;
        deadline.previous = null;
        deadline.next = null;
    }

    @Override
    public String toString() {
        return "deadlines in "
                + Arrays.stream(slots).filter(slot -> slot != null).count()
                + " of "
                + SLOTS
                + " ticks";
    }
}

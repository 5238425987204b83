package buoy.lb.listen;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Guests of one worker in the order in which they came: a chain, so that none costs more than two
 * pointers of its own. Only that worker may touch it.
 *
 * @param <G> what they are
 */
public final class Guests<G extends Guests.Link<G>> {
    private @Nullable G first;
    private @Nullable G last;

    /** Those that are under way: mostly none. */
    private final List<Walk> walks = new ArrayList<>();

    /**
     * One of them.
     *
     * @param <G> itself
     */
    public abstract static class Link<G extends Link<G>> implements Guest {
        @Nullable G before;
        @Nullable G next;
    }

    /** It came. */
    public void add(G guest) {
        G end = last;
        guest.before = end;
        if (end == null) {
            first = guest;
        } else {
            end.next = guest;
        }
        last = guest;
    }

    /** It has left; it was here. */
    public void remove(G guest) {
        G before = guest.before;
        G next = guest.next;
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
            if (walk.ahead == guest) {
                walk.ahead = next;
            }
        }
        // One that has left and grown old would keep all that came behind it from a young
        // collection.
        guest.before = null;
        guest.next = null;
    }

    /** All of them now. */
    public List<G> all() {
        List<G> all = new ArrayList<>();
        look(all::add);
        return all;
    }

    /**
     * Looks at all of them, where they stand.
     *
     * @param each lets nobody come or leave
     */
    public void look(Consumer<? super G> each) {
        for (G guest = first; guest != null; guest = guest.next) {
            each.accept(guest);
        }
    }

    /**
     * From the one that came first. Others may come and leave between one and the next: whoever is
     * there all the time is met once. To be ended.
     */
    public Walk walk() {
        return new Walk();
    }

    /** Along all that are here. */
    public final class Walk implements Iterator<G> {
        private @Nullable G ahead = first;

        private Walk() {
            walks.add(this);
        }

        @Override
        public boolean hasNext() {
            return ahead != null;
        }

        @Override
        public G next() {
            G guest = ahead;
            if (guest == null) {
                throw new NoSuchElementException();
            }
            ahead = guest.next;
            return guest;
        }

        /** It goes no further. */
        public void end() {
            ahead = null;
            walks.remove(this);
        }
    }
}

package buoy.lb.listen;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.proxy.Ends;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class GuestsTest {
    private static final class Somebody extends Guests.Link<Somebody> {
        private final int number;

        Somebody(int number) {
            this.number = number;
        }

        @Override
        public long number() {
            return number;
        }

        @Override
        public long came() {
            return 0;
        }

        @Override
        public Ends ends() {
            return Ends.UNKNOWN;
        }

        @Override
        public boolean isHere() {
            return true;
        }

        @Override
        public Doing doing() {
            return Doing.of(Doing.State.IDLE);
        }

        @Override
        public void drain() {}

        @Override
        public void cut(Reason reason) {}
    }

    private final Guests<Somebody> guests = new Guests<>();
    private final List<Somebody> here = new ArrayList<>();
    private int came;

    private void comes() {
        Somebody guest = new Somebody(came++);
        guests.add(guest);
        here.add(guest);
    }

    private void leaves(int which) {
        if (!here.isEmpty()) {
            guests.remove(here.remove(which % here.size()));
        }
    }

    /** What happens between one and the next: 0 to 2 somebody comes, else one of them leaves. */
    @Property
    void whoIsThereAllTheTimeIsMetOnceInTheOrderInWhichTheyCame(
            @ForAll @IntRange(max = 30) int first,
            @ForAll List<List<@IntRange(max = 20) Integer>> between) {
        for (int i = 0; i < first; i++) {
            comes();
        }
        List<Somebody> stayed = new ArrayList<>(here);
        List<Somebody> met = new ArrayList<>();
        Guests<Somebody>.Walk walk = guests.walk();
        Guests<Somebody>.Walk other = guests.walk();
        for (List<Integer> events : between) {
            for (int event : events) {
                if (event < 3) {
                    comes();
                } else {
                    leaves(event);
                }
            }
            if (walk.hasNext()) {
                met.add(walk.next());
                assertThat(here).contains(met.getLast());
            }
        }
        walk.forEachRemaining(met::add);
        walk.end();
        stayed.retainAll(here);
        assertThat(met).doesNotHaveDuplicates();
        assertThat(met.containsAll(stayed)).isTrue();
        assertThat(met).isSortedAccordingTo((a, b) -> Integer.compare(a.number, b.number));
        assertThat(guests.all()).isEqualTo(here);
        other.end();
        assertThat(other.hasNext()).isFalse();
    }

    @Example
    void whoLeavesWhileItIsNextIsNotMet() {
        comes();
        comes();
        Guests<Somebody>.Walk walk = guests.walk();
        leaves(0);
        assertThat(walk.next()).isSameAs(here.getFirst());
        assertThat(walk.hasNext()).isFalse();
        walk.end();
    }
}

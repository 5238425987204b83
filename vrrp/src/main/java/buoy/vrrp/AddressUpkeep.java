package buoy.vrrp;

import buoy.config.model.Prefix;
import buoy.vrrp.core.Ticks;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the virtual addresses of one router on its link while it is active.
 *
 * <p>They are claimed with a lifetime and renewed three times within it: a dead-man switch. If this
 * process is killed, frozen or stuck, the kernel drops them by itself, and no host that has lost
 * the election without knowing keeps answering for them.
 */
final class AddressUpkeep {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final AddressTable table;
    private final Troubles troubles;
    private List<Prefix> wanted;
    private Duration lifetime;

    /** When each address the kernel has by our doing was claimed last. */
    private final Map<Prefix, Ticks> held = new LinkedHashMap<>();

    /** Since when each address that somebody else removed has been refused. */
    private final Map<Prefix, Ticks> missing = new HashMap<>();

    private final OwnAddresses own;

    /** Addresses the kernel refused to remove, and from which link. */
    private final Map<Prefix, Integer> leftovers = new LinkedHashMap<>();

    private boolean holding;
    private Place place = Place.on(0);
    private Ticks renewAt = new Ticks(0);

    AddressUpkeep(AddressTable table, Troubles troubles, List<Prefix> wanted, Duration lifetime) {
        this.table = table;
        this.troubles = troubles;
        this.own = new OwnAddresses(table, troubles);
        this.wanted = wanted;
        this.lifetime = lifetime;
    }

    /** As {@link #claim(Place, Ticks)}, but what is there for good already is left as it is. */
    boolean claimAsOwner(Place where, Ticks now) {
        if (!holding) {
            own.find(where);
        }
        return claimAll(where, now);
    }

    /**
     * Claims every address, or renews it.
     *
     * @return whether the kernel has them all now
     */
    boolean claim(Place where, Ticks now) {
        if (!holding) {
            own.lookAgain(where);
        }
        return claimAll(where, now);
    }

    private boolean claimAll(Place where, Ticks now) {
        holding = true;
        place = where;
        boolean all = true;
        for (Prefix address : wanted) {
            all &= claim(address, now);
        }
        boolean retry = !all && RETRY.compareTo(renewal()) < 0;
        renewAt = now.plus(retry ? RETRY : renewal());
        return all;
    }

    /** Those it holds, for another process. */
    List<HandedOver.Held> handOver() {
        List<HandedOver.Held> all = new ArrayList<>();
        held.forEach(
                (address, claimed) ->
                        all.add(new HandedOver.Held(address, claimed, own.contains(address))));
        return holding ? all : List.of();
    }

    /**
     * Holds what another process has held until now, and makes it what is wanted.
     *
     * @return whether the kernel has all that is wanted now
     */
    boolean takeOver(Place where, List<HandedOver.Held> before, Ticks now) {
        place = where;
        for (HandedOver.Held each : before) {
            held.put(each.address(), each.claimed());
            if (each.own()) {
                own.add(each.address());
            }
        }
        for (HandedOver.Held each : before) {
            if (!wanted.contains(each.address())) {
                release(place.of(each.address().address()), each.address());
            }
        }
        return claimAll(where, now);
    }

    /**
     * Takes back what is not there: what the kernel has dropped because this process did not run
     * for so long, and what it refused when somebody had removed it.
     */
    void reclaimWhatIsGone(Ticks now) {
        for (Prefix address : holding ? wanted : List.<Prefix>of()) {
            Ticks claimed = held.get(address);
            boolean lapsed =
                    claimed != null
                            && !lifetime.isZero()
                            && now.isAtOrAfter(claimed.plus(lifetime));
            if (claimed == null || lapsed) {
                claim(address, now);
            }
        }
    }

    private boolean claim(Prefix address, Ticks now) {
        if (own.contains(address)) {
            held.put(address, now);
            return true;
        }
        boolean done =
                troubles.attempt(
                        "add " + address,
                        () ->
                                table.claim(
                                        place.of(address.address()),
                                        address.address(),
                                        address.length(),
                                        lifetime));
        if (done) {
            held.put(address, now);
            missing.remove(address);
            leftovers.remove(address);
        }
        return done;
    }

    /** Removes every address that is there, whether by our doing or left over. */
    void release(Place where, Ticks now) {
        holding = false;
        for (Prefix address : wanted) {
            release(where.of(address.address()), address);
        }
        held.clear();
        renewAt = now.plus(RETRY);
    }

    private void release(int onIndex, Prefix address) {
        held.remove(address);
        missing.remove(address);
        if (own.contains(address)) {
            return;
        }
        if (troubles.attempt(
                "remove " + address,
                () -> table.release(onIndex, address.address(), address.length()))) {
            leftovers.remove(address);
        } else {
            leftovers.put(address, onIndex);
        }
    }

    /**
     * Other addresses are wanted from now on: only the difference is touched.
     *
     * @return those added while holding
     */
    List<Prefix> change(List<Prefix> addresses, Duration newLifetime, Ticks now) {
        List<Prefix> before = wanted;
        wanted = addresses;
        boolean otherLifetime = !lifetime.equals(newLifetime);
        lifetime = newLifetime;
        List<Prefix> added = new ArrayList<>();
        if (!holding) {
            return added;
        }
        for (Prefix address : before) {
            if (!wanted.contains(address)) {
                release(place.of(address.address()), address);
                troubles.forget("add " + address);
                troubles.forget("announce " + address);
            }
        }
        for (Prefix address : wanted) {
            if (otherLifetime || !before.contains(address)) {
                claim(address, now);
            }
            if (!before.contains(address)) {
                added.add(address);
            }
        }
        renewAt = now.plus(renewal());
        missing.values().forEach(since -> renewAt = renewAt.earliest(since.plus(RETRY)));
        return added;
    }

    /** When {@link #renew} is due: there is something to renew, or to try again. */
    Optional<Ticks> deadline() {
        boolean due = holding && (!lifetime.isZero() || held.size() < wanted.size());
        return due || !leftovers.isEmpty() ? Optional.of(renewAt) : Optional.empty();
    }

    /**
     * Renews what is due.
     *
     * @return whether the router can go on: false once an address has been refused so long that the
     *     kernel no longer has it; what somebody else removed may be refused for a second, because
     *     the link it was on may be on its way back
     */
    boolean renew(Ticks now) {
        Map.copyOf(leftovers).forEach((address, onIndex) -> release(onIndex, address));
        if (!holding) {
            renewAt = now.plus(RETRY);
            return true;
        }
        if (claimAll(place, now)) {
            return true;
        }
        Duration patience = lifetime.isZero() ? RETRY.multipliedBy(3) : lifetime;
        held.values().removeIf(claimed -> now.isAtOrAfter(claimed.plus(patience)));
        for (Prefix address : wanted) {
            Ticks since = missing.get(address);
            if (since != null) {
                renewAt = renewAt.earliest(since.plus(RETRY));
            }
            if (!held.containsKey(address)
                    && (since == null || now.isAtOrAfter(since.plus(RETRY)))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The kernel says that an address is gone.
     *
     * @return whether it was one we hold, and had to be put back
     */
    boolean restore(InetAddress address, Ticks now) {
        Optional<Prefix> ours =
                wanted.stream().filter(prefix -> prefix.address().equals(address)).findFirst();
        boolean concerns = ours.isPresent() && (holding || own.contains(ours.get()));
        // The event may be an old one, of a removal that was our own and has been undone since.
        if (!concerns || own.isThere(place, ours.get())) {
            return false;
        }
        held.remove(ours.get());
        own.remove(ours.get());
        if (!holding) {
            return false;
        }
        if (!claim(ours.get(), now)) {
            missing.putIfAbsent(ours.get(), now);
            renewAt = renewAt.earliest(now.plus(RETRY));
        }
        return true;
    }

    boolean isHolding() {
        return holding;
    }

    boolean isHeld(Prefix address) {
        return holding && held.containsKey(address);
    }

    List<Prefix> wanted() {
        return wanted;
    }

    private Duration renewal() {
        return lifetime.isZero() ? RETRY : lifetime.dividedBy(3);
    }
}

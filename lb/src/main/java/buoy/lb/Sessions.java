package buoy.lb;

import buoy.lb.listen.Guest;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.udp.UdpSockets;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeoutException;

/** Who is here now: to be listed, and ended one by one. Any thread but a worker's. */
final class Sessions {
    private final Workers workers;
    private final UdpSockets datagrams;
    private final SessionIds ids = new SessionIds(System.currentTimeMillis());

    Sessions(Workers workers, UdpSockets datagrams) {
        this.workers = workers;
        this.datagrams = datagrams;
    }

    /** The oldest of one worker, and how many there are. */
    private record Share(List<LiveSession> oldest, long matching) {}

    /**
     * Lists what is with these listeners.
     *
     * @param most that are listed
     * @param patience how long a worker may stand still
     */
    SessionList list(
            List<OpenListener> listeners, SessionFilter filter, int most, Duration patience)
            throws InterruptedException {
        List<OpenListener> wanted =
                listeners.stream()
                        .filter(each -> filter.wantsListener(each.config().name()))
                        .toList();
        List<SessionWalk<Share>> walks = new ArrayList<>();
        Now now = new Now();
        for (Worker worker : workers.all()) {
            walks.add(
                    SessionWalk.begin(
                            worker, datagrams, wanted, new Listing(worker, filter, most, now)));
        }
        List<LiveSession> all = new ArrayList<>();
        List<Integer> silent = new ArrayList<>();
        long matching = 0;
        for (int i = 0; i < walks.size(); i++) {
            try {
                Share share = walks.get(i).await(patience);
                all.addAll(share.oldest);
                matching += share.matching;
            } catch (TimeoutException _) {
                silent.add(i);
            }
        }
        all.sort(Comparator.comparing(LiveSession::since).thenComparing(LiveSession::id));
        return new SessionList(all.subList(0, Math.min(most, all.size())), matching, silent);
    }

    /** One moment by both clocks, so that who came first is first by either. */
    private record Now(Instant at, long nanos) {
        Now() {
            this(Instant.now(), System.nanoTime());
        }

        Instant of(long came) {
            return at.minusNanos(nanos - came);
        }
    }

    private LiveSession seen(
            Worker worker, OpenListener listener, Guest guest, Doing doing, Now now) {
        return new LiveSession(
                ids.of(worker.index(), guest.number()),
                listener.config().name(),
                listener.protocol(),
                guest.ends(),
                now.of(guest.came()),
                doing);
    }

    /** What one worker has. */
    private final class Listing implements SessionWalk.Visitor<Share> {
        /** That of one there, and when it came. */
        private record Row(long came, LiveSession session) {}

        private final Worker worker;
        private final SessionFilter filter;
        private final int most;
        private final Now now;

        /** The one that came last is first to go. */
        private final PriorityQueue<Row> oldest =
                new PriorityQueue<>((a, b) -> Long.compare(b.came - a.came, 0));

        private long matching;

        Listing(Worker worker, SessionFilter filter, int most, Now now) {
            this.now = now;
            this.worker = worker;
            this.filter = filter;
            this.most = most;
        }

        @Override
        public boolean meets(OpenListener listener, Guest guest) {
            boolean listed = oldest.size() < most || guest.came() - oldest.element().came < 0;
            if (!listed && !filter.asksWhere()) {
                matching++;
                return true;
            }
            Doing doing = guest.doing();
            if (!filter.wants(doing)) {
                return true;
            }
            matching++;
            if (listed) {
                oldest.add(new Row(guest.came(), seen(worker, listener, guest, doing, now)));
                if (oldest.size() > most) {
                    oldest.remove();
                }
            }
            return true;
        }

        @Override
        public Share over() {
            return new Share(oldest.stream().map(Row::session).toList(), matching);
        }
    }

    /**
     * Ends one.
     *
     * @return what it was; empty if nobody here is called so any more, or ever was
     * @throws TimeoutException if its worker stands still for so long; it may be ended yet
     */
    Optional<LiveSession> end(List<OpenListener> listeners, String id, Duration patience)
            throws InterruptedException, TimeoutException {
        Optional<SessionIds.Place> place = ids.read(id);
        if (place.isEmpty() || place.get().worker() >= workers.count()) {
            return Optional.empty();
        }
        Worker worker = workers.get(place.get().worker());
        Search search = new Search(worker, place.get().number());
        return SessionWalk.begin(worker, datagrams, listeners, search).await(patience);
    }

    /** For the one of a worker that is to go. */
    private final class Search implements SessionWalk.Visitor<Optional<LiveSession>> {
        private final Worker worker;
        private final long number;
        private Optional<LiveSession> found = Optional.empty();

        Search(Worker worker, long number) {
            this.worker = worker;
            this.number = number;
        }

        @Override
        public boolean meets(OpenListener listener, Guest guest) {
            if (guest.number() != number) {
                return true;
            }
            found = Optional.of(seen(worker, listener, guest, guest.doing(), new Now()));
            guest.cut(Reason.KILLED);
            return false;
        }

        @Override
        public Optional<LiveSession> over() {
            return found;
        }
    }
}

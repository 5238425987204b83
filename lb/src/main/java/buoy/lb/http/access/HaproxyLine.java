package buoy.lb.http.access;

import buoy.lb.http.access.Entry.Crowd;
import buoy.lb.http.head.Output;
import java.time.ZoneId;

/**
 * {@code format: haproxy}, which is {@code option httplog}: {@code %ci:%cp [%tr] %ft %b/%s
 * %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r}. Nothing is
 * captured here, so cookies are dashes and headers are left out; servers have no queues of their
 * own, and the line before a pool is not counted, so both queues are 0.
 */
final class HaproxyLine implements EntryFormat {
    private final Facts facts = new Facts(Escapes::haproxy);
    private final Stamp time;

    HaproxyLine(ZoneId zone) {
        time = Stamp.haproxy(zone);
    }

    @Override
    public boolean counts() {
        return true;
    }

    @Override
    public void put(Entry entry, Output out) {
        out.put(entry.client());
        out.put((byte) ':');
        Figures.put(entry.clientPort(), out);
        out.put(" [");
        time.put(entry.beganMillis(), out);
        Stamp.putMillis(entry.beganMillis(), out);
        out.put("] ");
        out.put(entry.listener());
        out.put(entry.secure() ? "~ " : " ");
        out.put(entry.pool().isEmpty() ? entry.listener() : entry.pool());
        out.put((byte) '/');
        out.put(entry.server().isEmpty() ? "<NOSRV>" : entry.server());
        out.put((byte) ' ');
        phase(entry.head(), out);
        out.put((byte) '/');
        phase(entry.queue(), out);
        out.put((byte) '/');
        phase(entry.connect(), out);
        out.put((byte) '/');
        phase(entry.response(), out);
        out.put((byte) '/');
        phase(entry.total(), out);
        out.put((byte) ' ');
        Figures.put(entry.status() == 0 ? -1 : entry.status(), out);
        out.put((byte) ' ');
        Figures.put(entry.sent(), out);
        out.put(" - - ");
        out.put(TerminationState.of(entry));
        out.put("-- ");
        counts(entry, out);
        out.put(" 0/0 \"");
        if (entry.isReadable()) {
            facts.requestLine(entry, out);
        } else {
            out.put("<BADREQ>");
        }
        out.put("\"\n");
    }

    private static void counts(Entry entry, Output out) {
        Crowd crowd = entry.crowd();
        Figures.put(crowd.process(), out);
        out.put((byte) '/');
        Figures.put(crowd.listener(), out);
        out.put((byte) '/');
        Figures.put(crowd.pool(), out);
        out.put((byte) '/');
        Figures.put(crowd.server(), out);
        out.put((byte) '/');
        // A plus says that another server was asked.
        if (entry.elsewhere()) {
            out.put((byte) '+');
        }
        Figures.put(entry.retries(), out);
    }

    private static void phase(long nanos, Output out) {
        Figures.put(nanos == Entry.NEVER ? -1 : nanos / 1_000_000, out);
    }
}

package buoy.lb.http.access;

import buoy.config.model.AccessLog.Fact;
import buoy.lb.http.head.Output;
import java.time.ZoneId;

/**
 * {@code format: combined}: {@code $remote_addr - $remote_user [$time_local] "$request" $status
 * $body_bytes_sent "$http_referer" "$http_user_agent"}. A client that left before any answer has
 * 499, as with NGINX.
 */
final class CombinedLine implements EntryFormat {
    private static final int CLIENT_LEFT = 499;

    private final Facts facts = new Facts(Escapes::nginx);
    private final Stamp time;

    CombinedLine(ZoneId zone) {
        time = Stamp.common(zone);
    }

    @Override
    public void put(Entry entry, Output out) {
        out.put(entry.client());
        out.put(" - ");
        facts.orDash(Fact.USER, entry, out);
        out.put(" [");
        time.put(entry.endedMillis(), out);
        out.put("] \"");
        if (entry.isReadable()) {
            facts.requestLine(entry, out);
        }
        out.put("\" ");
        Figures.put(entry.status() == 0 ? CLIENT_LEFT : entry.status(), out);
        out.put((byte) ' ');
        Figures.put(entry.bodySent(), out);
        out.put(" \"");
        facts.orDash(Fact.REFERER, entry, out);
        out.put("\" \"");
        facts.orDash(Fact.USER_AGENT, entry, out);
        out.put("\"\n");
    }
}

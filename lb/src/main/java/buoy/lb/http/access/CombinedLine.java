package buoy.lb.http.access;

import buoy.lb.http.access.Entry.Copy;
import buoy.lb.http.head.Output;
import java.time.ZoneId;

/**
 * {@code format: combined}: {@code $remote_addr - $remote_user [$time_local] "$request" $status
 * $body_bytes_sent "$http_referer" "$http_user_agent"}. A client that left before any answer has
 * 499, as with NGINX.
 */
final class CombinedLine implements EntryFormat {
    private static final int CLIENT_LEFT = 499;

    private final Stamp time;

    CombinedLine(ZoneId zone) {
        time = Stamp.common(zone);
    }

    @Override
    public void put(Entry entry, Output out) {
        out.put(entry.client());
        out.put(" - - [");
        time.put(entry.endedMillis(), out);
        out.put("] \"");
        if (entry.isReadable()) {
            copy(Copy.METHOD, entry, out);
            out.put((byte) ' ');
            copy(Copy.URI, entry, out);
            out.put((byte) ' ');
            out.put(entry.protocol());
        }
        out.put("\" ");
        Figures.put(entry.status() == 0 ? CLIENT_LEFT : entry.status(), out);
        out.put((byte) ' ');
        Figures.put(entry.bodySent(), out);
        out.put(" \"");
        orDash(Copy.REFERER, entry, out);
        out.put("\" \"");
        orDash(Copy.USER_AGENT, entry, out);
        out.put("\"\n");
    }

    private static void orDash(Copy which, Entry entry, Output out) {
        int before = out.length();
        copy(which, entry, out);
        if (out.length() == before) {
            out.put((byte) '-');
        }
    }

    private static void copy(Copy which, Entry entry, Output out) {
        Escapes.nginx(entry.text(), entry.start(which), entry.end(which), out);
    }
}

package buoy.daemon.page;

import buoy.daemon.status.Status;
import buoy.daemon.status.Words;

/** Which Buoy this is, and as of when. */
final class HeadPart {
    private HeadPart() {}

    static void write(Picture picture, Html out) {
        Status status = picture.status();
        out.in("h1", status.host()).raw("<p>buoy ");
        out.text(
                "%s, %s, up %s, as of "
                        .formatted(
                                status.version(),
                                Words.of(status.phase()),
                                Words.span(status.uptime())));
        out.in("time", status.at().toString().substring(11, 19) + " UTC").raw("</p>");
    }
}

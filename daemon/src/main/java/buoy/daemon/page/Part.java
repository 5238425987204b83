package buoy.daemon.page;

import java.util.List;

/**
 * One section of the page.
 *
 * @param id of its element, and the kind of the event that brings it anew
 */
record Part(String id, Body body) {
    /** The one above all others, which tells the moment and so changes each second. */
    static final String HEAD = "head";

    /** From top to bottom: whether all is well, then what serves clients, then the rest. */
    static final List<Part> ALL =
            List.of(
                    new Part(HEAD, HeadPart::write),
                    new Part("verdict", VerdictPart::write),
                    new Part("routers", RoutersPart::write),
                    new Part("pools", PoolsPart::write),
                    new Part("listeners", ListenersPart::write),
                    new Part("charts", ChartsPart::write),
                    new Part("certificates", CertificatesPart::write),
                    new Part("orders", OrdersPart::write),
                    new Part("peers", PeersPart::write),
                    new Part("recent", RecentPart::write),
                    new Part("access-logs", AccessLogsPart::write),
                    new Part("process", ProcessPart::write));

    /** Writes nothing where there is nothing to show. */
    @FunctionalInterface
    interface Body {
        void write(Picture picture, Html out);
    }

    String html(Picture picture) {
        Html out = new Html();
        body.write(picture, out);
        return out.toString();
    }
}

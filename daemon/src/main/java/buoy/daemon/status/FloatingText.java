package buoy.daemon.status;

import buoy.vrrp.RouterStatus;

/** What moves with a router besides its addresses, as people read it. */
final class FloatingText {
    private FloatingText() {}

    static String of(RouterStatus.VirtualLink link) {
        return "virtual MAC %s on %s, %s"
                .formatted(link.mac(), link.name(), link.up() ? "answering" : "silent");
    }

    static String of(RouterStatus.Route route) {
        return "%s, %s".formatted(route.what(), route.held() ? "held here" : "not here");
    }
}

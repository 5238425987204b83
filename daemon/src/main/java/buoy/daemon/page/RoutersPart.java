package buoy.daemon.page;

import buoy.daemon.status.RouterWords;
import buoy.daemon.status.Verdict;
import buoy.daemon.status.Words;
import buoy.vrrp.RouterState;
import buoy.vrrp.RouterStatus;
import java.util.List;

/** The virtual routers: state, since when and why, addresses, and what the priority is made of. */
final class RoutersPart {
    /** In characters. */
    private static final int ROOM = 12 * 1024;

    private RoutersPart() {}

    static void write(Picture picture, Html out) {
        List<RouterStatus> routers = picture.status().routers();
        if (routers.isEmpty()) {
            return;
        }
        out.title("Virtual routers").raw("<div class=\"cards\">\n");
        Fold<RouterStatus> cards =
                Fold.of(
                        routers,
                        routers.size(),
                        ROOM,
                        RoutersPart::rank,
                        (router, card) -> router(picture, router, card));
        cards.write(out);
        out.raw("</div>\n");
        cards.rest(cards.count(router -> Words.of(router.state())), out);
    }

    private static int rank(RouterStatus router) {
        boolean spoilt =
                !router.warnings().isEmpty()
                        || !router.troubles().isEmpty()
                        || !router.contributions().isEmpty();
        return router.state() == RouterState.FAULT ? 0 : spoilt ? 1 : 2;
    }

    private static void router(Picture picture, RouterStatus router, Html out) {
        out.raw("<article class=\"card\"><div>").in("h3", router.name());
        out.tag(
                switch (router.state()) {
                    case ACTIVE -> "good";
                    case BACKUP, INITIALIZE -> "calm";
                    case FAULT -> "bad";
                },
                Words.of(router.state()));
        out.soft("span", "for " + picture.since(router.since())).raw("</div>");
        out.raw("<p>").brief(router.why()).raw("</p><p>");
        for (RouterStatus.Address address : router.addresses()) {
            out.in("code", address.address().getHostAddress() + "/" + address.prefixLength());
            out.raw(address.held() ? " held here " : " ");
        }
        out.raw("</p>").soft("p", priority(router));
        effects(RouterWords.effects(router), out);
        for (RouterStatus.Warning warning : router.warnings()) {
            out.raw("<p>").tag(Verdict.Health.DEGRADED, warning.kind()).raw(" ");
            out.brief("%s, %s ago".formatted(warning.detail(), Words.span(warning.ago())));
            out.raw("</p>");
        }
        if (picture.actions()) {
            out.raw("<p>").actions();
            out.button(Action.RESIGN, router.name());
            out.button(Action.RESUME_ROUTER, router.name()).endActions().raw("</p>");
        }
        out.raw("<details><summary>Timers and counters</summary>");
        out.soft("p", RouterWords.timers(router));
        RouterWords.details(router).forEach(detail -> out.soft("p", detail));
        out.raw("</details></article>\n");
    }

    private static String priority(RouterStatus router) {
        boolean other =
                router.state() != RouterState.FAULT
                        && router.effectivePriority() != router.priority();
        return "VRID %d on %s, priority %d%s"
                .formatted(
                        router.routerId(),
                        router.interfaceName(),
                        router.effectivePriority(),
                        other ? " instead of " + router.priority() : "");
    }

    private static void effects(List<RouterWords.Effect> effects, Html out) {
        if (effects.isEmpty()) {
            return;
        }
        out.raw("<ul class=\"effects\">");
        for (RouterWords.Effect each : effects) {
            out.raw("<li>");
            out.tag(each.spoils() ? Html.css(Verdict.Health.DEGRADED) : "calm", each.effect());
            out.raw(" ").text(each.cause()).raw("</li>");
        }
        out.raw("</ul>");
    }
}

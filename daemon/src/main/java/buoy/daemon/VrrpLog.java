package buoy.daemon;

import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.notify.Notifier;
import buoy.vrrp.VrrpEvent;
import buoy.vrrp.VrrpObserver;
import buoy.vrrp.track.Contribution;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Says in the log what VRRP did and why, has changes of state told to the operator's programs, and
 * hands a bug on to whoever ends the process.
 */
final class VrrpLog implements VrrpObserver {
    private static final String SOURCE = "vrrp";

    private final Log log;
    private final Notifier notifier;
    private final Runnable onBug;

    VrrpLog(Log log, Notifier notifier, Runnable onBug) {
        this.log = log;
        this.notifier = notifier;
        this.onBug = onBug;
    }

    @Override
    public void on(VrrpEvent event) {
        if (event instanceof VrrpEvent.Transition transition) {
            notifier.changed(transition);
        }
        switch (event) {
            case VrrpEvent.Transition(var router, var from, var to, var cause, var priority) ->
                    log.info(
                            SOURCE,
                            "%s: %s -> %s: %s (priority %d)"
                                    .formatted(router, word(from), word(to), cause, priority),
                            about(EventKind.ROUTER_STATE, router)
                                    .and("from", word(from))
                                    .and("to", word(to))
                                    .and("cause", cause)
                                    .and("priority", priority));
            case VrrpEvent.TakenOver(var router, var state, var priority) ->
                    log.info(
                            SOURCE,
                            "%s: goes on as %s, priority %d, where the process before left it"
                                    .formatted(router, word(state), priority),
                            Fields.event(EventKind.TAKEN_OVER)
                                    .and("router", router)
                                    .and("state", word(state))
                                    .and("priority", priority));
            case VrrpEvent.PriorityChanged(
                            var router,
                            var before,
                            var after,
                            var contributions,
                            var offered) ->
                    log.info(
                            SOURCE,
                            "%s: priority %d -> %d: %s%s"
                                    .formatted(
                                            router,
                                            before,
                                            after,
                                            causes(contributions),
                                            offered ? "; the addresses are offered to peers" : ""),
                            about(EventKind.ROUTER_PRIORITY, router)
                                    .and("before", before)
                                    .and("after", after)
                                    .and("cause", causes(contributions))
                                    .and("offered", offered));
            case VrrpEvent.OfferDeclined(var router, var priority) ->
                    log.warn(
                            SOURCE,
                            "%s: nobody took the addresses offered: kept with priority %d"
                                    .formatted(router, priority),
                            warning(router, "offer-declined").and("priority", priority));
            case VrrpEvent.PeerSeen(var router, var peer, var priority) ->
                    log.info(
                            SOURCE,
                            "%s: peer %s is there with priority %d"
                                    .formatted(router, peer.getHostAddress(), priority),
                            about(EventKind.ROUTER_PEER, router)
                                    .and("peer", peer.getHostAddress())
                                    .and("priority", priority));
            case VrrpEvent.AddressListMismatch(var router, var peer, var theirs, var ours) ->
                    log.warn(
                            SOURCE,
                            "%s: peer %s has other addresses configured: %s, here %s (make both files alike)"
                                    .formatted(
                                            router,
                                            peer.getHostAddress(),
                                            hosts(theirs),
                                            hosts(ours)),
                            warning(router, "address-list-mismatch")
                                    .and("peer", peer.getHostAddress()));
            case VrrpEvent.IntervalMismatch(var router, var peer, var theirs, var ours) ->
                    log.warn(
                            SOURCE,
                            "%s: peer %s advertises every %s, here every %s (make both files alike)"
                                    .formatted(
                                            router,
                                            peer.getHostAddress(),
                                            millis(theirs),
                                            millis(ours)),
                            warning(router, "interval-mismatch")
                                    .and("peer", peer.getHostAddress()));
            case VrrpEvent.SecondOwner(var router, var peer) ->
                    log.error(
                            SOURCE,
                            "%s: peer %s also claims priority 255: only one host can own the addresses (lower one of them)"
                                    .formatted(router, peer.getHostAddress()),
                            warning(router, "second-owner").and("peer", peer.getHostAddress()));
            case VrrpEvent.Warned(var router, var kind, var detail) ->
                    log.warn(
                            SOURCE,
                            "%s: %s: %s".formatted(router, kind, detail),
                            warning(router, kind));
            case VrrpEvent.Discarding(var router, var peer, var kind, var detail) ->
                    log.warn(
                            SOURCE,
                            "%s: messages from %s are discarded: %s: %s"
                                    .formatted(router, peer.getHostAddress(), kind, detail),
                            warning(router, kind).and("peer", peer.getHostAddress()));
            case VrrpEvent.AddressRestored(var router, var address) ->
                    log.warn(
                            SOURCE,
                            "%s: somebody removed %s from this host: it was put back"
                                    .formatted(router, address.getHostAddress()),
                            warning(router, "address-restored")
                                    .and("address", address.getHostAddress()));
            case VrrpEvent.RouteRestored(var router, var entry) ->
                    log.warn(
                            SOURCE,
                            "%s: somebody removed the %s: it was put back".formatted(router, entry),
                            warning(router, "route-restored"));
            case VrrpEvent.Refused(var router, var what, var refusal) ->
                    log.error(
                            SOURCE,
                            "%s: %s: %s".formatted(router, what, refusal.getMessage()),
                            warning(router, "refused"));
            case VrrpEvent.Recovered(var router, var what) ->
                    log.info(
                            SOURCE,
                            "%s: %s: works again".formatted(router, what),
                            warning(router, "recovered"));
            case VrrpEvent.Overslept(var late) ->
                    log.warn(
                            SOURCE,
                            "the thread was kept from running for %s (is the host overloaded? process.real-time helps)"
                                    .formatted(millis(late)),
                            Fields.event(EventKind.ROUTER_WARNING)
                                    .and("kind", "overslept")
                                    .and("late-ms", late.toMillis()));
            case VrrpEvent.Failed(var bug) -> {
                log.error(SOURCE, "a bug: every address was given up", bug);
                onBug.run();
            }
        }
    }

    private static Fields about(EventKind kind, String router) {
        return Fields.event(kind).and("router", router);
    }

    /**
     * Something an operator should look at.
     *
     * @param kind the same word as in the status, where that has one
     */
    private static Fields warning(String router, String kind) {
        return about(EventKind.ROUTER_WARNING, router).and("kind", kind);
    }

    private static String word(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String causes(List<Contribution> contributions) {
        return contributions.isEmpty()
                ? "as configured"
                : contributions.stream()
                        .map(Contribution::inWords)
                        .collect(Collectors.joining(", "));
    }

    private static String hosts(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" "));
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }
}

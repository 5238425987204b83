package buoy.vrrp;

import buoy.vrrp.core.Admission;
import buoy.vrrp.core.Admission.Oddity;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.wire.Decoded;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way of a datagram for one router: decoded, judged, counted, remarked on once. Only what comes
 * out at the end may touch the election.
 */
final class Reception {
    private final VrrpObserver observer;
    private final Heard heard = new Heard();

    Reception(VrrpObserver observer) {
        this.observer = observer;
    }

    /** The advertisement, if it counts. */
    Optional<Advert> receive(Terms terms, Datagram datagram, Ticks now) {
        String router = terms.config().name();
        InetAddress source = datagram.source();
        return switch (terms.format()
                .decode(datagram.payload(), source, datagram.destination(), datagram.ttl())) {
            case Decoded.Garbage garbage ->
                    discard(router, garbage.kind(), garbage.detail(), source, now);
            case Decoded.Ok _
                    when datagram.destination().isMulticastAddress() != terms.isMulticast() ->
                    discard(
                            router,
                            "wrong-destination",
                            "sent to " + datagram.destination().getHostAddress(),
                            source,
                            now);
            case Decoded.Ok(var advert) -> judge(terms, advert, source, now);
        };
    }

    private Optional<Advert> judge(Terms terms, Advert advert, InetAddress source, Ticks now) {
        String router = terms.config().name();
        return switch (terms.admission().judge(advert, source)) {
            case Admission.Refused(var kind, var detail) ->
                    discard(router, kind, detail, source, now);
            case Admission.Admitted(var oddities) -> {
                if (heard.accepted(advert, source, now)) {
                    observer.on(new VrrpEvent.PeerSeen(router, source, advert.priority().value()));
                }
                for (Oddity oddity : oddities) {
                    if (heard.odd(oddity.kind(), source, now)) {
                        remark(terms, oddity, source);
                    }
                }
                yield Optional.of(advert);
            }
        };
    }

    private Optional<Advert> discard(
            String router, String kind, String detail, InetAddress source, Ticks now) {
        if (heard.discarded(kind, now)) {
            observer.on(new VrrpEvent.Discarding(router, source, kind, detail));
        }
        return Optional.empty();
    }

    private void remark(Terms terms, Oddity oddity, InetAddress source) {
        String router = terms.config().name();
        switch (oddity) {
            case Oddity.OtherAddresses(var theirs) ->
                    observer.on(
                            new VrrpEvent.AddressListMismatch(
                                    router, source, theirs, terms.addresses()));
            case Oddity.OtherInterval(var theirs) ->
                    observer.on(
                            new VrrpEvent.IntervalMismatch(
                                    router, source, theirs, terms.config().advertise()));
            case Oddity.SecondOwner _ -> observer.on(new VrrpEvent.SecondOwner(router, source));
            // Common among peers that interoperate well: counted, not said.
            case Oddity.FirstNotLinkLocal _ -> {}
        }
    }

    List<RouterStatus.Peer> peers(Ticks now) {
        return heard.peers(now);
    }

    long received() {
        return heard.received();
    }

    Map<String, Long> discarded() {
        return heard.discarded();
    }

    Map<String, Long> odd() {
        return heard.odd();
    }
}

package buoy.vrrp;

import buoy.vrrp.RouterStatus.Warning;
import buoy.vrrp.core.Admission;
import buoy.vrrp.core.Admission.Oddity;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.wire.Decoded;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The way of a datagram for one router: decoded, judged, counted, remarked on once. Only what comes
 * out at the end may touch the election.
 */
final class Reception {
    /** Discarded, and yet it comes from somebody who speaks for our VRID. */
    private static final Set<String> FROM_A_RIVAL =
            Set.of(
                    "wrong-version",
                    "auth-mismatch",
                    "interval-mismatch",
                    "address-list-mismatch",
                    "foreign-group",
                    "unknown-peer",
                    "wrong-destination");

    private final VrrpObserver observer;
    private final Warnings warnings;
    private final Heard heard = new Heard();

    Reception(VrrpObserver observer, Warnings warnings) {
        this.observer = observer;
        this.warnings = warnings;
    }

    /**
     * The advertisement, if it counts.
     *
     * @param active whether this host has the addresses: whoever else speaks for them is a rival
     */
    Optional<Advert> receive(Terms terms, Datagram datagram, boolean active, Ticks now) {
        Decoded decoded =
                terms.format()
                        .decode(
                                datagram.payload(),
                                datagram.source(),
                                datagram.destination(),
                                datagram.ttl());
        return switch (decoded) {
            case Decoded.Garbage garbage ->
                    discard(terms, garbage.kind(), garbage::detail, datagram, active, now);
            case Decoded.Ok _
                    when datagram.destination().isMulticastAddress() != terms.isMulticast() ->
                    discard(
                            terms,
                            "wrong-destination",
                            () -> "sent to " + datagram.destination().getHostAddress(),
                            datagram,
                            active,
                            now);
            case Decoded.Ok(var advert) -> judge(terms, advert, datagram, active, now);
        };
    }

    private Optional<Advert> judge(
            Terms terms, Advert advert, Datagram datagram, boolean active, Ticks now) {
        InetAddress source = datagram.source();
        return switch (terms.admission().judge(advert, source)) {
            case Admission.Refused(var kind, var detail) ->
                    discard(terms, kind, () -> detail, datagram, active, now);
            case Admission.Admitted(var oddities) -> {
                if (heard.accepted(advert, source, now)) {
                    observer.on(
                            new VrrpEvent.PeerSeen(
                                    terms.config().name(), source, advert.priority().value()));
                }
                for (Oddity oddity : oddities) {
                    boolean isNews = heard.odd(oddity.kind(), oddity::detail, source, now);
                    remark(terms, oddity, source, isNews, now);
                }
                yield Optional.of(advert);
            }
        };
    }

    private Optional<Advert> discard(
            Terms terms,
            String kind,
            Supplier<String> detail,
            Datagram datagram,
            boolean active,
            Ticks now) {
        InetAddress source = datagram.source();
        if (heard.discarded(kind, detail, source, now)) {
            observer.on(
                    new VrrpEvent.Discarding(terms.config().name(), source, kind, detail.get()));
        }
        boolean isRival =
                FROM_A_RIVAL.contains(kind) || (kind.equals("wrong-ttl") && !terms.isMulticast());
        if (isRival || kind.equals("carp") || kind.equals("own-address")) {
            warnings.note(kind, () -> source.getHostAddress() + ": " + detail.get(), now);
        }
        if (isRival && active && !resigns(datagram)) {
            warnings.warn(
                    Warning.DUAL_ACTIVE,
                    () ->
                            "%s is active for router-id %d too, but what it says is discarded: %s"
                                    .formatted(
                                            source.getHostAddress(),
                                            terms.config().routerId(),
                                            detail.get()),
                    now);
        }
        return Optional.empty();
    }

    /** The priority is in the same place in both versions. */
    private static boolean resigns(Datagram datagram) {
        return datagram.payload().length < 3 || datagram.payload()[2] == 0;
    }

    private void remark(Terms terms, Oddity oddity, InetAddress source, boolean isNews, Ticks now) {
        String router = terms.config().name();
        String peer = source.getHostAddress();
        switch (oddity) {
            case Oddity.OtherAddresses(var theirs) -> {
                warnings.note(oddity.kind(), () -> peer + " has " + hosts(theirs), now);
                if (isNews) {
                    observer.on(
                            new VrrpEvent.AddressListMismatch(
                                    router, source, theirs, terms.addresses()));
                }
            }
            case Oddity.ForeignGroup(var theirs) ->
                    warnings.warn(
                            oddity.kind(),
                            () ->
                                    "%s uses router-id %d for %s, none of which is here (choose another router-id)"
                                            .formatted(
                                                    peer, terms.config().routerId(), hosts(theirs)),
                            now);
            case Oddity.OtherInterval(var theirs) -> {
                warnings.note(
                        oddity.kind(),
                        () -> "%s advertises every %d ms".formatted(peer, theirs.toMillis()),
                        now);
                if (isNews) {
                    observer.on(
                            new VrrpEvent.IntervalMismatch(
                                    router, source, theirs, terms.config().advertise()));
                }
            }
            case Oddity.SecondOwner _ -> {
                warnings.note(oddity.kind(), () -> peer + " has priority 255 too", now);
                if (isNews) {
                    observer.on(new VrrpEvent.SecondOwner(router, source));
                }
            }
            // Common among peers that interoperate well: counted, not said.
            case Oddity.FirstNotLinkLocal _ -> {}
        }
    }

    private static String hosts(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" "));
    }

    List<RouterStatus.Peer> peers(Ticks now) {
        return heard.peers(now);
    }

    List<RouterStatus.Remark> remarks(Ticks now) {
        return heard.remarks(now);
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

package buoy.linux.layout;

import java.util.Optional;

/** One thing that happened to a link or an address, by whomever. */
public sealed interface NetworkEvent {
    /** A link appeared or changed: its name, flags, carrier or MAC; may repeat what is known. */
    record LinkChanged(Link link) implements NetworkEvent {}

    /** A link is gone, and with it its addresses. */
    record LinkGone(Link link) implements NetworkEvent {}

    /** An address was added, or its lifetime or flags changed. */
    record AddressChanged(InterfaceAddress address) implements NetworkEvent {}

    /** An address was removed, or its lifetime ran out. */
    record AddressGone(InterfaceAddress address) implements NetworkEvent {}

    /** Events were lost: only listing everything again tells the truth. */
    record Overrun() implements NetworkEvent {}

    /** Empty for messages about other things. */
    static Optional<NetworkEvent> decode(NetlinkMessage message) {
        return switch (message.type()) {
            case NetlinkMessage.RTM_NEWLINK -> Link.decode(message).map(LinkChanged::new);
            case NetlinkMessage.RTM_DELLINK -> Link.decode(message).map(LinkGone::new);
            case NetlinkMessage.RTM_NEWADDR ->
                    InterfaceAddress.decode(message).map(AddressChanged::new);
            case NetlinkMessage.RTM_DELADDR ->
                    InterfaceAddress.decode(message).map(AddressGone::new);
            case NetlinkMessage.NLMSG_OVERRUN -> Optional.of(new Overrun());
            default -> Optional.empty();
        };
    }
}

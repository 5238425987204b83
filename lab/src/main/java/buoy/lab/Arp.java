package buoy.lab;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * An ARP packet for IPv4 over Ethernet, as seen on the wire (RFC 826).
 *
 * @param isReply otherwise a request
 * @param senderMac who has the address, by its own words
 */
public record Arp(
        Instant at, boolean isReply, String senderMac, InetAddress sender, InetAddress target) {
    private static final int MESSAGE = 14;

    static Optional<Arp> of(Frame frame) {
        if (frame.type() != 0x0806 || frame.bytes().length < MESSAGE + 28) {
            return Optional.empty();
        }
        return Optional.of(
                new Arp(
                        frame.at(),
                        frame.shortAt(MESSAGE + 6) == 2,
                        frame.macAt(MESSAGE + 8),
                        address(frame, MESSAGE + 14),
                        address(frame, MESSAGE + 24)));
    }

    /** Both addresses are the same: said to all, asked of nobody. */
    public boolean isGratuitous() {
        return sender.equals(target);
    }

    private static InetAddress address(Frame frame, int offset) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(frame.bytes(), offset, offset + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an address", e);
        }
    }
}

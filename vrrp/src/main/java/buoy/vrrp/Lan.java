package buoy.vrrp;

import java.net.InetAddress;
import java.util.Optional;

/** Opens channels for IP protocol 112. */
public interface Lan {
    /**
     * Opens one channel. Routers that would open equal ones share it.
     *
     * @throws KernelRefused if the socket cannot be opened or the group not be joined
     */
    AdvertisementChannel open(Opening opening) throws KernelRefused;

    /**
     * Opens a way out through a link that carries a virtual MAC address, which is then the source
     * of the frames.
     *
     * @param source our own address, of the link below
     * @param ttl TTL or hop limit of what is sent
     */
    AdvertisementSender speakThrough(Links.Link link, InetAddress source, int ttl)
            throws KernelRefused;

    /**
     * What a channel is opened for.
     *
     * @param interfaceIndex the link to send on and to hear: nothing that arrives on another link
     *     is delivered
     * @param interfaceName its name, for messages
     * @param source our own address: what is sent carries it, and its family is the channel's
     * @param group the group to join, with loopback of our own messages off; empty for unicast
     * @param ttl TTL or hop limit of what is sent, for unicast as for multicast
     */
    record Opening(
            int interfaceIndex,
            String interfaceName,
            InetAddress source,
            Optional<InetAddress> group,
            int ttl) {}
}

package buoy.vrrp;

import java.util.Optional;

/** An open raw socket for IP protocol 112 on one link, in one address family. Never waits. */
public interface AdvertisementChannel extends AdvertisementSender {
    /** The next datagram waiting, or empty if there is none now. */
    Optional<Datagram> receive() throws KernelRefused;
}

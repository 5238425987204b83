package buoy.vrrp;

import java.net.InetAddress;
import java.util.Optional;

/** An open raw socket for IP protocol 112 on one link, in one address family. Never waits. */
public interface AdvertisementChannel extends AutoCloseable {
    /**
     * Sends one message, complete with its checksum (the kernel computes none).
     *
     * @throws KernelRefused if it was not handed to the link, a full queue included
     */
    void send(byte[] message, InetAddress destination) throws KernelRefused;

    /** The next datagram waiting, or empty if there is none now. */
    Optional<Datagram> receive() throws KernelRefused;

    @Override
    void close();
}

package buoy.vrrp;

import java.net.InetAddress;

/** A way out for messages of IP protocol 112. Never waits. */
public interface AdvertisementSender extends AutoCloseable {
    /**
     * Sends one message, complete with its checksum (the kernel computes none).
     *
     * @throws KernelRefused if it was not handed to the link, a full queue included
     */
    void send(byte[] message, InetAddress destination) throws KernelRefused;

    @Override
    void close();
}

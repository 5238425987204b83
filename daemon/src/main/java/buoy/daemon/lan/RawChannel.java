package buoy.daemon.lan;

import buoy.linux.Poller;
import buoy.linux.VrrpSocket;
import buoy.vrrp.AdvertisementChannel;
import buoy.vrrp.Datagram;
import buoy.vrrp.KernelRefused;
import java.net.InetAddress;
import java.util.Optional;

/** One raw socket. */
final class RawChannel implements AdvertisementChannel {
    private final VrrpSocket socket;
    private final RawSender sender;
    private final Poller poller;

    RawChannel(VrrpSocket socket, Poller poller) {
        this.socket = socket;
        this.sender = new RawSender(socket);
        this.poller = poller;
    }

    @Override
    public void send(byte[] message, InetAddress destination) throws KernelRefused {
        sender.send(message, destination);
    }

    @Override
    public Optional<Datagram> receive() throws KernelRefused {
        return Refusal.translated(socket::receive)
                .map(
                        packet ->
                                new Datagram(
                                        packet.payload(),
                                        packet.source(),
                                        packet.destination(),
                                        packet.hopLimit()));
    }

    @Override
    public void close() {
        poller.unwatch(socket.fd());
        sender.close();
    }
}

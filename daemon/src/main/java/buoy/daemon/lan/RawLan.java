package buoy.daemon.lan;

import buoy.linux.Kernel;
import buoy.linux.Poller;
import buoy.linux.VrrpSocket;
import buoy.vrrp.AdvertisementChannel;
import buoy.vrrp.AdvertisementSender;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Lan;
import buoy.vrrp.Links;
import java.net.InetAddress;

/** Raw sockets, each watched by the poller for as long as it is open. */
final class RawLan implements Lan {
    private final Kernel kernel;
    private final Poller poller;

    RawLan(Kernel kernel, Poller poller) {
        this.kernel = kernel;
        this.poller = poller;
    }

    @Override
    public AdvertisementChannel open(Opening opening) throws KernelRefused {
        var socket =
                Refusal.translated(
                        () ->
                                VrrpSocket.open(
                                        kernel,
                                        opening.interfaceIndex(),
                                        opening.interfaceName(),
                                        opening.source(),
                                        opening.group(),
                                        opening.ttl()));
        poller.watch(socket.fd());
        return new RawChannel(socket, poller);
    }

    @Override
    public AdvertisementSender speakThrough(Links.Link link, InetAddress source, int ttl)
            throws KernelRefused {
        var socket =
                Refusal.translated(
                        () ->
                                VrrpSocket.openSender(
                                        kernel, link.index(), link.name(), source, ttl));
        return new RawSender(socket);
    }
}

package buoy.daemon.lan;

import buoy.linux.VrrpSocket;
import buoy.vrrp.AdvertisementSender;
import buoy.vrrp.KernelRefused;
import java.net.InetAddress;

/** One raw socket that sends alone. */
final class RawSender implements AdvertisementSender {
    private final VrrpSocket socket;

    RawSender(VrrpSocket socket) {
        this.socket = socket;
    }

    @Override
    public void send(byte[] message, InetAddress destination) throws KernelRefused {
        Refusal.translated(
                () -> {
                    socket.send(message, destination);
                    return true;
                });
    }

    @Override
    public void close() {
        socket.close();
    }
}

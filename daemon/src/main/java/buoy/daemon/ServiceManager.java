package buoy.daemon;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Tells systemd what goes on, as sd_notify(3) describes: datagrams of {@code KEY=VALUE} lines to
 * the socket named by {@code NOTIFY_SOCKET}. Without that variable nobody wants to know.
 */
final class ServiceManager {
    private final Optional<String> socket;

    private ServiceManager(Optional<String> socket) {
        this.socket = socket;
    }

    static ServiceManager of(Map<String, String> environment) {
        return new ServiceManager(Optional.ofNullable(environment.get("NOTIFY_SOCKET")));
    }

    void ready(String status) throws IOException {
        tell("READY=1\nSTATUS=" + status);
    }

    /**
     * Type=notify-reload wants the time with it, so that it can tell this reload from an older one.
     */
    void reloading() throws IOException {
        // System.nanoTime() is CLOCK_MONOTONIC on Linux.
        tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
    }

    void stopping() throws IOException {
        tell("STOPPING=1\nSTATUS=stopping");
    }

    private void tell(String state) throws IOException {
        if (socket.isEmpty()) {
            return;
        }
        if (!Epoll.isAvailable()) {
            throw new IOException("NOTIFY_SOCKET is set, but there is no epoll to reach it with");
        }
        String path = socket.get();
        // An abstract socket is written with @ for its leading zero byte.
        String address = path.startsWith("@") ? '\0' + path.substring(1) : path;
        byte[] bytes = state.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
        Socket datagrams = Socket.newSocketDomainDgram();
        try {
            datagrams.connect(new DomainSocketAddress(address));
            datagrams.write(message, 0, bytes.length);
        } finally {
            datagrams.close();
        }
    }
}

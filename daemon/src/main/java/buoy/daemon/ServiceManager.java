package buoy.daemon;

import buoy.daemon.log.Log;
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
    private final Log log;

    private ServiceManager(Optional<String> socket, Log log) {
        this.socket = socket;
        this.log = log;
    }

    static ServiceManager of(Map<String, String> environment, Log log) {
        return new ServiceManager(Optional.ofNullable(environment.get("NOTIFY_SOCKET")), log);
    }

    void ready(String hash) {
        tell("READY=1\nSTATUS=running configuration " + hash);
    }

    /**
     * Type=notify-reload wants the time with it, so that it can tell this reload from an older one.
     */
    void reloading() {
        // System.nanoTime() is CLOCK_MONOTONIC on Linux.
        tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
    }

    void stopping() {
        tell("STOPPING=1\nSTATUS=stopping");
    }

    /** Failing to tell is no reason to do less than what is told: it is logged. */
    private void tell(String state) {
        if (socket.isEmpty()) {
            return;
        }
        try {
            send(socket.get(), state);
        } catch (IOException e) {
            log.warn("systemd", "NOTIFY_SOCKET %s: %s".formatted(socket.get(), e.getMessage()));
        }
    }

    private static void send(String path, String state) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("cannot be reached without epoll");
        }
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

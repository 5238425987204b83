package buoy.daemon;

import buoy.daemon.log.Log;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * Tells systemd what goes on, as sd_notify(3) describes: datagrams of {@code KEY=VALUE} lines to
 * the socket named by {@code NOTIFY_SOCKET}. Without that variable nobody wants to know.
 */
final class ServiceManager {
    private final Optional<String> socket;
    private final Log log;

    /** How often it wants to hear that this works; empty if it does not. */
    private final Optional<Duration> watchdog;

    private long aliveNanos;

    private ServiceManager(Optional<String> socket, Optional<Duration> watchdog, Log log) {
        this.socket = socket;
        this.watchdog = watchdog;
        this.log = log;
    }

    static ServiceManager of(Map<String, String> environment, Log log) {
        return new ServiceManager(
                Optional.ofNullable(environment.get("NOTIFY_SOCKET")), watchdog(environment), log);
    }

    /** sd_watchdog_enabled(3): microseconds, and whom they are for. */
    private static Optional<Duration> watchdog(Map<String, String> environment) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        String own = Long.toString(ProcessHandle.current().pid());
        // What is longer is never due.
        return micros.matches("[1-9][0-9]{0,17}")
                        && environment.getOrDefault("WATCHDOG_PID", own).equals(own)
                ? Optional.of(Duration.of(Long.parseLong(micros), ChronoUnit.MICROS).dividedBy(3))
                : Optional.empty();
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

    /**
     * It works: to be said again and again, by one thread, and told as often as {@code WatchdogSec}
     * wants, which ends a service that says so no more.
     */
    void alive() {
        long now = System.nanoTime();
        if (watchdog.isPresent() && now - aliveNanos >= watchdog.get().toNanos()) {
            aliveNanos = now;
            tell("WATCHDOG=1");
        }
    }

    /** The last word of this process: from now on the service manager listens to the other one. */
    void succeededBy(long processId) {
        tell("MAINPID=" + processId);
    }

    /**
     * The end begins. What is configured may be longer than {@code TimeoutStopSec}, after which a
     * service manager kills who has said nothing of it.
     *
     * @param atMost how long it may take
     */
    void stopping(Duration atMost) {
        tell("STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=" + atMost.toNanos() / 1000);
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

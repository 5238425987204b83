package buoy.lb;

import buoy.config.model.Endpoint;
import io.netty.channel.unix.Errors;
import java.util.Objects;

/** Says why an address could not be bound, and what to do. */
final class BindRefusal {
    private BindRefusal() {}

    static String problem(String listener, Endpoint endpoint, Throwable cause) {
        String reason = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
        return "listeners.%s.bind: %s: %s%s"
                .formatted(listener, endpoint, reason, remedy(endpoint, cause, reason));
    }

    private static String remedy(Endpoint endpoint, Throwable cause, String reason) {
        if (reason.contains("in use")) {
            return " (another program listens there: `ss -ltnp sport = :%d` shows it)"
                    .formatted(endpoint.port());
        }
        if (reason.contains("ermission denied") || cause instanceof SecurityException) {
            return " (ports below 1024 need CAP_NET_BIND_SERVICE)";
        }
        if (reason.contains("annot assign") || cause instanceof Errors.NativeIoException) {
            return " (is the address family enabled on this host? an address that is on another host"
                    + " now needs `transport: epoll`)";
        }
        return "";
    }
}

package buoy.lb;

import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.UnixPath;
import io.netty.channel.unix.Errors;
import java.util.Objects;

/** Says why an address could not be bound, and what to do. */
final class BindRefusal {
    private BindRefusal() {}

    static String problem(String listener, Location location, Throwable cause) {
        String reason = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
        return "listeners.%s.bind: %s: %s%s"
                .formatted(listener, location, reason, remedy(location, cause, reason));
    }

    private static String remedy(Location location, Throwable cause, String reason) {
        return switch (location) {
            case Endpoint endpoint -> remedy(endpoint, cause, reason);
            case UnixPath _ ->
                    reason.endsWith(")")
                            ? ""
                            : " (its folder has to exist and be writable for this user)";
        };
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

package buoy.lb.pool;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;

/** What a failed connect means. */
public final class ConnectFailure {
    private ConnectFailure() {}

    public static Reason reason(Throwable cause) {
        // Netty's timeout is a ConnectException too, so it is asked for first.
        return switch (cause) {
            case ConnectTimeoutException _ -> Reason.CONNECT_TIMEOUT;
            case NoRouteToHostException _ -> Reason.SERVER_UNREACHABLE;
            // There is no such unix socket.
            case FileNotFoundException _ -> Reason.SERVER_REFUSED;
            case Errors.NativeIoException refusal -> ofErrno(refusal.expectedErr());
            case ConnectException _ when says(cause, "unreachable") -> Reason.SERVER_UNREACHABLE;
            // EINVAL: there is no way from the address that it comes from.
            case ConnectException _ when says(cause, "Invalid arg") -> Reason.SERVER_UNREACHABLE;
            case ConnectException _ when says(cause, "timed out") -> Reason.CONNECT_TIMEOUT;
            // EADDRNOTAVAIL: every port of our address is in use towards this server.
            case ConnectException _ when says(cause, "Cannot assign") -> Reason.NO_LOCAL_RESOURCES;
            case ConnectException _ -> Reason.SERVER_REFUSED;
            default -> Reason.NO_LOCAL_RESOURCES;
        };
    }

    /** The same for datagrams: no server is asked, and this host alone refuses. */
    public static Reason ofDatagrams(Throwable cause) {
        return switch (cause) {
            case NoRouteToHostException _ -> Reason.SERVER_UNREACHABLE;
            case IOException _ when says(cause, "unreachable") -> Reason.SERVER_UNREACHABLE;
            case IOException _ when says(cause, "Invalid arg") -> Reason.SERVER_UNREACHABLE;
            // No port, no memory, no such address: as a rule all ports are taken.
            default -> Reason.NO_LOCAL_RESOURCES;
        };
    }

    private static Reason ofErrno(int negative) {
        // The queue of a unix socket is full.
        if (negative == Errors.ERRNO_ECONNRESET_NEGATIVE
                || negative == Errors.ERRNO_EAGAIN_NEGATIVE) {
            return Reason.SERVER_REFUSED;
        }
        return Reason.NO_LOCAL_RESOURCES;
    }

    private static boolean says(Throwable cause, String words) {
        String message = cause.getMessage();
        return message != null && message.contains(words);
    }
}

package buoy.lb.journal;

import buoy.config.model.AccessLog.Destination;
import java.io.IOException;

/** What lines leave this process by. Used by one thread, which it may block. */
interface Outlet extends AutoCloseable {
    /** Writes whole lines, each with its end. */
    void write(byte[] lines, int length) throws IOException;

    /**
     * Looks whether what was opened is still what is meant.
     *
     * @param anew opens it again in any case
     */
    void check(boolean anew) throws IOException;

    @Override
    void close() throws IOException;

    static Outlet of(Destination to) {
        return switch (to) {
            case Destination.Stdout() -> new StdoutOutlet(System.out);
            case Destination.Syslog() -> new SyslogOutlet(SyslogOutlet.SOCKET);
            case Destination.File(var path) -> new FileOutlet(path);
            case Destination.Udp(var endpoint) -> new UdpOutlet(endpoint);
        };
    }
}

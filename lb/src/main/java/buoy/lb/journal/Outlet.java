package buoy.lb.journal;

import buoy.config.model.AccessLog.Destination;
import java.io.IOException;

/** What lines leave this process by. Used by one thread, which it may block. */
public interface Outlet extends AutoCloseable {
    /** Who speaks, where messages say that (RFC 5424 6.2.1, 6.2.7). */
    enum Voice {
        /** As HAProxy's and NGINX's: facility local0. */
        ACCESS(16, "access"),
        /** Facility daemon. */
        PROCESS(3, "log");

        final int facility;
        final String messageId;

        Voice(int facility, String messageId) {
            this.facility = facility;
            this.messageId = messageId;
        }

        /** What a message begins with. */
        String priority(Severity severity) {
            return "<" + (facility * 8 + severity.number) + ">";
        }
    }

    /** Of a message (RFC 5424 6.2.1). */
    enum Severity {
        ERROR(3),
        WARNING(4),
        INFORMATIONAL(6),
        DEBUG(7);

        private final int number;

        Severity(int number) {
            this.number = number;
        }

        /** As protocols have it. */
        public int number() {
            return number;
        }
    }

    /** Writes whole lines, each with its end, all of one severity. */
    void write(byte[] lines, int length, Severity severity) throws IOException;

    /**
     * Looks whether what was opened is still what is meant.
     *
     * @param anew opens it again in any case
     */
    void check(boolean anew) throws IOException;

    @Override
    void close() throws IOException;

    static Outlet of(Destination to, Voice voice) {
        return switch (to) {
            case Destination.Stdout() -> new StdoutOutlet(System.out);
            case Destination.Syslog() -> new SyslogOutlet(SyslogOutlet.SOCKET, voice);
            case Destination.File(var path) -> new FileOutlet(path);
            case Destination.Udp(var endpoint) -> new UdpOutlet(endpoint, voice);
        };
    }
}

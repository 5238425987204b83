package buoy.lb.pool;

import buoy.tls.ClientTls;
import java.util.Optional;

/**
 * TLS towards the servers of one pool.
 *
 * @param work for exchanges and sessions
 * @param checks for what health checks ask
 */
public record Protection(Optional<ClientTls> work, Optional<ClientTls> checks) {
    public static final Protection NONE = new Protection(Optional.empty(), Optional.empty());
}

package buoy.daemon.peer;

import java.time.Instant;
import java.util.Optional;

/**
 * One of the other hosts, as this one sees it.
 *
 * @param address where it is reached
 * @param host its name, once it was reached
 * @param connected whether it is told now what there is
 * @param since when that last changed
 * @param why it is not connected, in words; empty if it is
 * @param told messages since the start
 * @param heard when it last said something by its own connection to this host, if it ever did
 */
public record PeerStatus(
        String address,
        Optional<String> host,
        boolean connected,
        Instant since,
        String why,
        long told,
        Optional<Instant> heard) {}

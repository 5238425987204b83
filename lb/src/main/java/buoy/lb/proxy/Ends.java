package buoy.lb.proxy;

import java.net.InetSocketAddress;

/**
 * Whose a connection is.
 *
 * @param client who made it; its port is 0 where it is not known
 * @param own what it was made to
 */
public record Ends(InetSocketAddress client, InetSocketAddress own) {}

package buoy.lb;

import buoy.config.model.Location;

/**
 * A socket where clients come in, on its way from one process to the next.
 *
 * @param at as configured
 * @param datagrams whether clients come by datagram, not by connection
 * @param descriptor of this process
 */
public record ListeningSocket(Location at, boolean datagrams, int descriptor) {}

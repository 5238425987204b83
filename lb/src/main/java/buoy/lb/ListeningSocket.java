package buoy.lb;

import buoy.config.model.Endpoint;

/**
 * A listening socket on its way from one process to the next.
 *
 * @param at as configured
 * @param descriptor of this process
 */
public record ListeningSocket(Endpoint at, int descriptor) {}

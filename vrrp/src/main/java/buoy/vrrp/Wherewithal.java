package buoy.vrrp;

import buoy.vrrp.core.Ticks;

/**
 * What every router works with.
 *
 * @param startedAt when this process began to speak
 */
record Wherewithal(Ports ports, Channels channels, VrrpObserver observer, Ticks startedAt) {}

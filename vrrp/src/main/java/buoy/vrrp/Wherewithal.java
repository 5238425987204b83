package buoy.vrrp;

/** What every router works with. */
record Wherewithal(Ports ports, Channels channels, VrrpObserver observer) {}

package buoy.daemon.watch.packet;

import java.time.Instant;

/**
 * One packet, ready to be shown.
 *
 * @param link name of the interface it passed, with its VLAN; empty where the capture does not tell
 */
public record Seen(Instant at, String link, Packet packet, Judgement judgement) {}

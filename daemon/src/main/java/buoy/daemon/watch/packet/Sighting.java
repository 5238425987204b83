package buoy.daemon.watch.packet;

import java.util.OptionalInt;

/**
 * A packet, and where it passed as far as the frame tells.
 *
 * @param interfaceIndex of the machine that captured it
 * @param vlan the tag it carried
 */
public record Sighting(OptionalInt interfaceIndex, OptionalInt vlan, Packet packet) {}

package buoy.vrrp;

import java.net.InetAddress;

/**
 * One datagram of IP protocol 112 as it arrived.
 *
 * @param payload what follows the IP header; the receiver keeps it, so it is never reused
 * @param destination a group, or one of our own addresses
 * @param ttl TTL or hop limit as received, 0..255
 */
// Never compared: an array is what the kernel fills and the decoder reads.
@SuppressWarnings("ArrayRecordComponent")
public record Datagram(byte[] payload, InetAddress source, InetAddress destination, int ttl) {}

package buoy.daemon.watch.packet;

/**
 * Something about a packet that somebody should know.
 *
 * @param kind the word for it: the same as in the status of a router where both count it
 * @param text a sentence for people
 */
public record Warning(String kind, String text) {}

package buoy.lb.pool;

/**
 * That a client met a server, which it is to meet again.
 *
 * @param key stands for the client, or for what it shows
 * @param used when last, by {@link System#nanoTime}
 */
public record Met(long key, String server, long used) {}

package buoy.lb.listen;

/**
 * What a listener does with its clients: an immutable snapshot of its configuration with every name
 * resolved.
 */
public sealed interface Front permits ConnectionFront, DatagramFront {}

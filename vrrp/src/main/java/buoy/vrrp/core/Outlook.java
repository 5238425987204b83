package buoy.vrrp.core;

import java.net.InetAddress;

/** What a backup knows of the active router, and so why its deadline is where it is. */
public sealed interface Outlook {
    /** No advertisement since it began to listen. */
    record NobodyHeard() implements Outlook {}

    /** A live active router that it does not contest. */
    record Following(InetAddress active, Priority priority) implements Outlook {}

    /** A live active router of lower priority, tolerated until then (preempt-delay). */
    record Tolerating(InetAddress active, Priority priority, Ticks until) implements Outlook {}

    /** A live active router of lower priority: its advertisements no longer count. */
    record Preempting(InetAddress active, Priority priority) implements Outlook {}

    /** The active router said with priority 0 that it stops. */
    record Resigned(InetAddress active) implements Outlook {}
}

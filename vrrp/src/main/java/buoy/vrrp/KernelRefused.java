package buoy.vrrp;

/**
 * The kernel refused something a router needs. The message is for people: the call, its subject,
 * the reason and the remedy, as in {@code socket(AF_INET, SOCK_RAW, 112) on eth0 failed: EPERM
 * (grant CAP_NET_RAW)}.
 */
public final class KernelRefused extends Exception {
    private static final long serialVersionUID = 1;

    public KernelRefused(String message, Throwable cause) {
        super(message, cause);
    }

    public KernelRefused(String message) {
        super(message);
    }
}

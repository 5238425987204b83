package buoy.vrrp;

/** The state of a virtual router (RFC 9568 6.4), and fault, which is ours. */
public enum RouterState {
    /** Not taking part: not started yet, or stopped. */
    INITIALIZE,
    /** Another router has the addresses, or will be given the time to say so. */
    BACKUP,
    /** This host has the addresses. */
    ACTIVE,
    /** This host cannot take part: its link is down or missing, or the kernel refuses. */
    FAULT
}

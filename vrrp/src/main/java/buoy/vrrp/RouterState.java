package buoy.vrrp;

import buoy.vrrp.core.State;

/** The state of a virtual router (RFC 9568 6.4), and fault, which is ours. */
public enum RouterState {
    /** Not taking part: not started yet, or stopped. */
    INITIALIZE,
    /** Another router has the addresses, or will be given the time to say so. */
    BACKUP,
    /** This host has the addresses. */
    ACTIVE,
    /**
     * This host cannot take part: its link is down or missing, the kernel refuses, or something it
     * tracks is in fault.
     */
    FAULT;

    static RouterState of(State state) {
        return switch (state) {
            case State.Initialize _ -> INITIALIZE;
            case State.Fault _ -> FAULT;
            case State.Backup _ -> BACKUP;
            case State.Active _, State.Offering _, State.Leaving _ -> ACTIVE;
        };
    }
}

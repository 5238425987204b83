package buoy.daemon.lan;

import buoy.vrrp.KernelRefused;
import java.net.InetAddress;
import java.util.Set;

/**
 * What this host's kernel drops before a socket of this host sees it. The kernel may take its time,
 * and so may whoever else changes its rules, so the speaker's thread never calls this.
 */
public interface Firewall {
    /**
     * Drops what would open a TCP connection to one of these addresses, until {@link #letIn}. TCP
     * tries again after a second, and reaches the host that has the address then.
     */
    void holdBack(Set<InetAddress> addresses) throws KernelRefused;

    /** Ends {@link #holdBack}; nothing where nothing is held back. */
    void letIn();

    /** Finds out whether {@link #seal} can be done. */
    void prepareToSeal() throws KernelRefused;

    /**
     * Drops everything to these addresses but neighbour discovery, as long as this process lives:
     * the hosts behind a router that is not the owner use the addresses to forward by (RFC 9568
     * 6.1, Accept_Mode).
     *
     * @param addresses all of them; others are open again
     */
    void seal(Set<InetAddress> addresses) throws KernelRefused;
}

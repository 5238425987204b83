package buoy.vrrp;

import buoy.vrrp.Links.Link;
import java.time.Duration;
import java.util.Optional;

/**
 * Links that carry the MAC address of a virtual router (RFC 9568 7.3), each on top of another link.
 * One is silent until it is raised: it neither sends nor hears nor answers.
 */
public interface VirtualMacs {
    /**
     * One of them.
     *
     * @param mac as people write it: {@code 00:00:5e:00:01:33}
     */
    record Made(Link link, String mac) {}

    /**
     * Makes one, silent, and settles what the link below needs for it.
     *
     * @param on the link below
     */
    Made make(Link on, int routerId, boolean ipv6) throws KernelRefused;

    /**
     * The same of one that another process of this host has made and leaves to this one: it stays
     * as it is.
     *
     * @return empty if there is none
     */
    Optional<Made> takeOver(Link on, int routerId, boolean ipv6) throws KernelRefused;

    /**
     * From now on it sends, hears, and answers for the addresses it has. Once more does no harm.
     */
    void raise(int interfaceIndex) throws KernelRefused;

    /** Silences it soon; never waits. Its addresses are to be gone by now. */
    void lower(int interfaceIndex);

    /** Removes it soon, and settles the link below as it was before; never waits. */
    void remove(int interfaceIndex);

    /** Waits until what was to be soon is done, but not longer than this: at the very end alone. */
    void finish(Duration atMost);

    /** Removes what an earlier life of this process left behind. */
    void clear() throws KernelRefused;
}

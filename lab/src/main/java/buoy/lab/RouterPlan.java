package buoy.lab;

import java.time.Duration;

/**
 * One virtual router of a test, to be written in keepalived's words or in Buoy's.
 *
 * @param address the virtual address with its prefix length
 * @param mode how advertisements travel
 */
public record RouterPlan(
        String name, int routerId, int version, Duration advertise, Mode mode, String address) {
    /** How advertisements travel. */
    public enum Mode {
        MULTICAST,
        UNICAST
    }

    public boolean isIpv6() {
        return address.contains(":");
    }

    /** The virtual address alone. */
    public String host() {
        return address.replaceFirst("/.*", "");
    }

    /** (256 - priority) / 256 of the interval; in version 2, of one second (RFC 3768 6.1). */
    public Duration skew(int priority) {
        Duration unit = version == 2 ? Duration.ofSeconds(1) : advertise;
        return unit.multipliedBy(256 - priority).dividedBy(256);
    }

    /** How long a backup hears nothing before it takes over (RFC 9568 6.1). */
    public Duration activeDown(int priority) {
        return advertise.multipliedBy(3).plus(skew(priority));
    }
}

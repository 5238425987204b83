package buoy.vrrp.core;

/** The protocol version. */
public enum Version {
    /** RFC 3768: IPv4 alone, whole seconds, every router configured with the same interval. */
    V2,
    /** RFC 9568: both families, centiseconds, backups follow the active router's interval. */
    V3;

    public int number() {
        return this == V2 ? 2 : 3;
    }
}

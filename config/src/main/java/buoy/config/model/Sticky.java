package buoy.config.model;

import java.time.Duration;

/** {@code pools.NAME.sticky}: what makes a client meet the same server again. */
public sealed interface Sticky {
    /** A cookie that is set for the client. */
    record OwnCookie(String name, boolean secure, boolean httpOnly, SameSite sameSite)
            implements Sticky {}

    /**
     * A cookie of the application: learnt from a server's answers, or read as a server's name
     * behind its last dot.
     */
    record AppCookie(String name) implements Sticky {}

    /**
     * The client's address.
     *
     * @param ttl how long it is remembered behind the last time
     */
    record Source(Duration ttl) implements Sticky {}

    /** When a browser sends the cookie with requests from other sites. */
    enum SameSite {
        STRICT,
        LAX,
        NONE
    }
}

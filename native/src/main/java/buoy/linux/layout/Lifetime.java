package buoy.linux.layout;

import java.time.Duration;

/**
 * How long the kernel keeps an address from now on.
 *
 * @param valid seconds until the kernel removes it; {@link #FOREVER_SECONDS} for never
 * @param preferred seconds until it is deprecated: still ours and answered for, but not chosen as
 *     the source of new connections; at most {@code valid}
 */
public record Lifetime(long valid, long preferred) {
    /** {@code INFINITY_LIFE_TIME}. */
    public static final long FOREVER_SECONDS = 0xffff_ffffL;

    /** Until somebody removes it. */
    public static final Lifetime FOREVER = new Lifetime(FOREVER_SECONDS, FOREVER_SECONDS);

    public Lifetime {
        if (valid < 1 || valid > FOREVER_SECONDS || preferred < 0 || preferred > valid) {
            throw new IllegalArgumentException(
                    "valid " + valid + " s, preferred " + preferred + " s");
        }
    }

    /** Preferred as long as valid; the kernel counts in whole seconds, and zero is for ever. */
    public static Lifetime of(Duration lifetime) {
        return lifetime.isZero()
                ? FOREVER
                : new Lifetime(lifetime.toSeconds(), lifetime.toSeconds());
    }

    /** Never chosen as the source of new connections. */
    public Lifetime deprecated() {
        return new Lifetime(valid, 0);
    }
}

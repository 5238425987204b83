package buoy.lb.pool;

import buoy.lb.proxy.Ends;
import buoy.lb.select.Selector;
import org.jspecify.annotations.Nullable;

/**
 * An exchange or session for which a server is chosen: what pools may bind it to, as hashes of
 * {@link buoy.lb.select.Hash}. {@link Selector#NO_KEY} where it has no such thing. Asked for only
 * if the pool wants it.
 */
public interface Work {
    /** Whose it is, for servers that want to be told; null if it is our own. */
    default @Nullable Ends ends() {
        return null;
    }

    /** Of the client's address. */
    long source();

    /** Of what is asked for, path and query. */
    default long uri() {
        return Selector.NO_KEY;
    }

    /**
     * Of the fields with this name.
     *
     * @param lower the name in lower case
     */
    default long field(byte[] lower) {
        return Selector.NO_KEY;
    }

    /** Of the value of the first cookie with this name. */
    default long cookie(byte[] name) {
        return Selector.NO_KEY;
    }

    /** Of what stands behind the last dot of that value, as applications name a server. */
    default long cookieRoute(byte[] name) {
        return Selector.NO_KEY;
    }
}

package buoy.vrrp;

/**
 * Hears what changed. Called on the speaker's thread, so it must not wait for anything: put the
 * event into a queue or a buffer and return.
 */
@FunctionalInterface
public interface VrrpObserver {
    void on(VrrpEvent event);
}

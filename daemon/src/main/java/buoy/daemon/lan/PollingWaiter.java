package buoy.daemon.lan;

import buoy.linux.Poller;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Waiter;

/** Waits in {@code ppoll} over the channels and the link events. */
final class PollingWaiter implements Waiter {
    private final Poller poller;

    PollingWaiter(Poller poller) {
        this.poller = poller;
    }

    @Override
    public long now() {
        return System.nanoTime();
    }

    @Override
    public void await(long deadline) throws KernelRefused {
        Refusal.translated(
                () -> {
                    poller.await(deadline - now());
                    return true;
                });
    }

    @Override
    public void wakeUp() {
        poller.wake();
    }
}

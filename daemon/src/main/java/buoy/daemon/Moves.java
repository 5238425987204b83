package buoy.daemon;

import buoy.lb.Balancer;
import buoy.vrrp.RouterState;
import buoy.vrrp.VrrpEvent;
import buoy.vrrp.VrrpObserver;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Cuts the connections to addresses that have left this host, however that came about: nothing
 * their clients send arrives here any more. A router in fault is not taken for one whose addresses
 * have moved: its link may be back before anybody else speaks up.
 */
final class Moves implements VrrpObserver {
    /** Not the speaker's thread, which waits for nobody. */
    private final Executor executor =
            Executors.newSingleThreadExecutor(
                    task -> Thread.ofPlatform().name("buoy-moves").daemon().unstarted(task));

    private volatile Consumer<String> moved = _ -> {};

    /** Nothing has moved before this: the routers are told what they are afterwards. */
    void begin(Balancer balancer, VirtualRouters routers) {
        moved =
                router -> {
                    Set<InetAddress> addresses = routers.addresses(Set.of(router));
                    balancer.departure(addresses::contains).cutMoved();
                };
    }

    @Override
    public void on(VrrpEvent event) {
        if (event instanceof VrrpEvent.Transition(var router, var from, var to, _, _)
                && from == RouterState.ACTIVE
                && (to == RouterState.BACKUP || to == RouterState.INITIALIZE)) {
            executor.execute(() -> moved.accept(router));
        }
    }
}

package buoy.vrrp;

import buoy.config.model.VirtualRouter;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/** What the speaker's thread does, one turn after the other. */
final class Loop {
    private final Ports ports;
    private final VrrpObserver observer;
    private boolean stopped;

    Loop(Ports ports, VrrpObserver observer) {
        this.ports = ports;
        this.observer = observer;
    }

    void run(Queue<Consumer<Loop>> commands) throws KernelRefused {
        while (!stopped) {
            for (Consumer<Loop> next = commands.poll(); next != null; next = commands.poll()) {
                next.accept(this);
            }
            ports.waiter().await(ports.waiter().now() + 1_000_000_000L);
        }
    }

    void apply(List<VirtualRouter> wanted) {}

    void poolHealth(String pool, int serversUp) {}

    List<RouterStatus> status() {
        return List.of();
    }

    void stop() {
        stopped = true;
    }

    void abandon(Throwable bug) {
        observer.on(new VrrpEvent.Failed(bug));
    }
}

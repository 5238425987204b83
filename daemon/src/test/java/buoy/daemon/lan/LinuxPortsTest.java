package buoy.daemon.lan;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Notify;
import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Reach;
import buoy.linux.Kernel;
import buoy.linux.NetworkNamespace;
import buoy.linux.SyscallFailed;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Ports;
import buoy.vrrp.RouterState;
import buoy.vrrp.RouterStatus;
import buoy.vrrp.Speaker;
import buoy.vrrp.VrrpEvent;
import buoy.vrrp.Waiter;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two real speakers on two hosts; what {@code ip addr} shows on each is the judge. */
class LinuxPortsTest {
    private static final Duration LIFETIME = Duration.ofSeconds(3);

    private final Kernel kernel = Kernel.load();
    private final List<Host> started = new ArrayList<>();
    private TwoHosts hosts;

    @BeforeEach
    void make() throws IOException {
        hosts = TwoHosts.make(kernel);
    }

    @AfterEach
    void remove() throws Exception {
        if (hosts != null) {
            for (var host : started) {
                host.end();
            }
            hosts.close();
        }
    }

    @Test
    void theBetterPriorityHoldsTheAddressAndTheOtherTakesItOverAtTheEnd() throws Exception {
        for (var address : List.of("198.51.100.100/24", "2001:db8:77::100/64")) {
            var best = host(hosts.first, router(150, address, new Reach.Multicast()));
            var other = host(hosts.second, router(100, address, new Reach.Multicast()));
            best.awaitState(RouterState.ACTIVE);
            other.awaitState(RouterState.BACKUP);
            until("one holder", () -> best.holds(address) && !other.holds(address));

            best.end();
            assertThat(best.holds(address)).as("after a stop, at once").isFalse();
            other.awaitState(RouterState.ACTIVE);
            until("taken over", () -> other.holds(address));
            other.end();
        }
    }

    @Test
    void unicastPeersElectTheSameWay() throws Exception {
        var address = "198.51.100.100/24";
        var best = host(hosts.first, router(150, address, unicast("198.51.100.2")));
        var other = host(hosts.second, router(100, address, unicast("198.51.100.1")));
        best.awaitState(RouterState.ACTIVE);
        other.awaitState(RouterState.BACKUP);
        until("one holder", () -> best.holds(address) && !other.holds(address));
        best.end();
        other.awaitState(RouterState.ACTIVE);
    }

    @Test
    void theNeighbourIsToldWhereTheAddressIsNow() throws Exception {
        var address = "198.51.100.100/24";
        hosts.on(
                hosts.second,
                "ip neigh replace 198.51.100.100 lladdr 02:00:00:00:00:99 nud stale dev eth0");
        host(hosts.first, router(100, address, new Reach.Multicast()))
                .awaitState(RouterState.ACTIVE);
        var mac = hosts.on(hosts.first, "cat /sys/class/net/eth0/address").strip();
        until(
                "neighbour knows",
                () -> hosts.on(hosts.second, "ip neigh show 198.51.100.100").contains(mac));
    }

    @Test
    void aHostThatHearsNobodyNoticesThatAnotherHasTheAddressToo() throws Exception {
        hosts.on(hosts.first, "nft add table inet deaf");
        hosts.on(
                hosts.first,
                "nft add chain inet deaf input { type filter hook input priority 0 ; }");
        hosts.on(hosts.first, "nft add rule inet deaf input meta l4proto 112 drop");
        var mac = hosts.on(hosts.second, "cat /sys/class/net/eth0/address").strip();
        for (var address : List.of("198.51.100.100/24", "2001:db8:77::100/64")) {
            var deaf = host(hosts.first, router(100, address, new Reach.Multicast()));
            deaf.awaitState(RouterState.ACTIVE);
            var other = host(hosts.second, router(150, address, new Reach.Multicast()));
            other.awaitState(RouterState.ACTIVE);
            until("warned", () -> deaf.events.stream().anyMatch(e -> isDualActive(e, mac)));
            other.end();
            deaf.end();
        }
    }

    private static boolean isDualActive(VrrpEvent event, String mac) {
        return event instanceof VrrpEvent.Warned(_, var kind, var detail)
                && kind.equals(RouterStatus.Warning.DUAL_ACTIVE)
                && detail.contains("MAC address " + mac);
    }

    @Test
    void anAddressIsHeldFarBeyondItsLifetimeWithoutAGap() throws Exception {
        var address = "198.51.100.100/24";
        var host = host(hosts.first, router(100, address, new Reach.Multicast()));
        until("claimed", () -> host.holds(address));
        var start = System.nanoTime();
        var looks = 0;
        while (System.nanoTime() - start < LIFETIME.multipliedBy(2).toNanos()) {
            assertThat(host.holds(address)).isTrue();
            looks++;
        }
        assertThat(looks).isGreaterThan(10);
        assertThat(host.events).noneMatch(VrrpEvent.AddressRestored.class::isInstance);
    }

    @Test
    void aFrozenSpeakerLosesTheAddressAndOneThatThawsSubmits() throws Exception {
        var address = "198.51.100.100/24";
        var frozen = host(hosts.first, router(100, address, new Reach.Multicast()));
        frozen.awaitState(RouterState.ACTIVE);
        until("claimed", () -> frozen.holds(address));
        var other = host(hosts.second, router(150, address, new Reach.Multicast(), false));
        other.awaitState(RouterState.BACKUP);

        frozen.waiter.freeze();
        other.awaitState(RouterState.ACTIVE);
        until("dropped by the kernel", () -> !frozen.holds(address));
        assertThat(other.holds(address)).isTrue();

        frozen.waiter.thaw();
        frozen.awaitState(RouterState.BACKUP);
        until("one holder", () -> !frozen.holds(address) && other.holds(address));
        assertThat(other.state()).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void aCutWireIsAFaultAndAMendedOneAnElection() throws Exception {
        var address = "198.51.100.100/24";
        var best = host(hosts.first, router(150, address, new Reach.Multicast()));
        var other = host(hosts.second, router(100, address, new Reach.Multicast()));
        best.awaitState(RouterState.ACTIVE);
        hosts.on(hosts.first, "ip link set eth0 down");
        best.awaitState(RouterState.FAULT);
        until("given up", () -> !best.holds(address));
        hosts.on(hosts.first, "ip link set eth0 up");
        best.awaitState(RouterState.ACTIVE);
        other.awaitState(RouterState.BACKUP);
        until("one holder", () -> best.holds(address) && !other.holds(address));
    }

    @Test
    void anAddressThatSomebodyRemovesIsPutBack() throws Exception {
        var address = "198.51.100.100/24";
        var host = host(hosts.first, router(100, address, new Reach.Multicast()));
        until("claimed", () -> host.holds(address));
        hosts.on(hosts.first, "ip addr del " + address + " dev eth0");
        until(
                "noticed",
                () -> host.events.stream().anyMatch(VrrpEvent.AddressRestored.class::isInstance));
        assertThat(host.holds(address)).isTrue();
    }

    @Test
    void anInterfaceThatAppearsLaterIsUsed() throws Exception {
        var address = "203.0.113.100/24";
        var router = router("eth7", 100, address, new Reach.Multicast(), true);
        var host = host(hosts.first, router);
        host.awaitState(RouterState.FAULT);
        hosts.on(hosts.first, "ip link add eth7 type veth peer eth7 netns " + hosts.second);
        hosts.on(hosts.second, "ip link set eth7 up");
        hosts.on(hosts.first, "ip link set eth7 up");
        hosts.on(hosts.first, "ip addr add 203.0.113.1/24 dev eth7");
        host.awaitState(RouterState.ACTIVE);
        assertThat(hosts.on(hosts.first, "ip -o addr show dev eth7")).contains(address);
    }

    // ---- hosts ----

    private Host host(String namespace, VirtualRouter router) throws SyscallFailed {
        var host = new Host(namespace, router);
        started.add(host);
        return host;
    }

    private final class Host {
        final String namespace;
        final Queue<VrrpEvent> events = new ConcurrentLinkedQueue<>();
        final Queue<SyscallFailed> errands = new ConcurrentLinkedQueue<>();
        final FreezingWaiter waiter;
        private final LinuxPorts linux;
        private final Speaker speaker;
        private boolean ended;

        Host(String namespace, VirtualRouter router) throws SyscallFailed {
            this.namespace = namespace;
            this.linux = LinuxPorts.open(kernel, () -> enter(namespace), errands::add);
            var ports = linux.ports();
            this.waiter = new FreezingWaiter(ports.waiter());
            this.speaker =
                    new Speaker(
                            new Ports(
                                    ports.lan(),
                                    ports.addresses(),
                                    ports.neighbours(),
                                    ports.links(),
                                    ports.routing(),
                                    ports.virtualMacs(),
                                    waiter,
                                    ports.onThreadStart()),
                            events::add);
            speaker.apply(List.of(router));
            speaker.start();
        }

        void awaitState(RouterState wanted) throws Exception {
            until(namespace + " to be " + wanted, () -> state() == wanted);
        }

        RouterState state() {
            return speaker.status().stream()
                    .map(RouterStatus::state)
                    .findFirst()
                    .orElse(RouterState.INITIALIZE);
        }

        boolean holds(String address) throws IOException {
            return hosts.on(namespace, "ip -o addr show dev eth0").contains(" " + address + " ");
        }

        void end() throws InterruptedException {
            if (!ended) {
                ended = true;
                waiter.thaw();
                assertThat(speaker.stop(Duration.ofSeconds(10))).isTrue();
                linux.close();
                assertThat(errands).isEmpty();
                assertThat(events).noneMatch(VrrpEvent.Failed.class::isInstance);
            }
        }
    }

    /** A waiter that can keep its thread, as SIGSTOP would. */
    private static final class FreezingWaiter implements Waiter {
        private final Waiter real;
        private final Semaphore running = new Semaphore(1);
        private boolean frozen;

        FreezingWaiter(Waiter real) {
            this.real = real;
        }

        void freeze() {
            running.acquireUninterruptibly();
            frozen = true;
        }

        void thaw() {
            if (frozen) {
                frozen = false;
                running.release();
            }
        }

        @Override
        public long now() {
            return real.now();
        }

        @Override
        public void await(long deadline) throws KernelRefused {
            real.await(deadline);
            running.acquireUninterruptibly();
            running.release();
        }

        @Override
        public void wakeUp() {
            real.wakeUp();
        }
    }

    private void enter(String namespace) {
        try {
            NetworkNamespace.enter(kernel, namespace);
        } catch (SyscallFailed refusal) {
            throw new IllegalStateException(refusal);
        }
    }

    private static VirtualRouter router(int priority, String address, Reach reach)
            throws IOException {
        return router(priority, address, reach, true);
    }

    private static VirtualRouter router(int priority, String address, Reach reach, boolean preempt)
            throws IOException {
        return router("eth0", priority, address, reach, preempt);
    }

    private static VirtualRouter router(
            String interfaceName, int priority, String address, Reach reach, boolean preempt)
            throws IOException {
        var parts = address.split("/", -1);
        return new VirtualRouter(
                "web",
                interfaceName,
                51,
                priority,
                VirtualRouter.Version.V3,
                Duration.ofMillis(100),
                preempt,
                Duration.ZERO,
                Duration.ZERO,
                List.of(new Prefix(InetAddress.getByName(parts[0]), Integer.parseInt(parts[1]))),
                List.of(),
                List.of(),
                List.of(),
                reach,
                false,
                true,
                VirtualRouter.Checksum.COMPATIBLE,
                LIFETIME,
                Optional.empty(),
                Optional.empty(),
                new VirtualRouter.Announce(5, Duration.ofSeconds(1), Duration.ZERO),
                List.of(),
                Notify.NOBODY);
    }

    private static Reach unicast(String peer) throws IOException {
        return new Reach.Unicast(List.of(InetAddress.getByName(peer)), Optional.empty(), 255, 255);
    }

    // ---- waiting ----

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(String what, Condition condition) throws Exception {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("no " + what + " within 20 s");
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}

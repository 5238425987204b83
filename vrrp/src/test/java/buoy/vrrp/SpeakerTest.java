package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.vrrp.Links.Link;
import buoy.vrrp.core.State;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The thread: real time, ports made of lambdas. */
class SpeakerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Routers QUICK = Routers.web().every(Duration.ofMillis(10));

    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final Queue<VrrpEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final Speaker speaker = new Speaker(ports(), events::add);

    @Test
    void runsRoutersAndStopsThem() throws InterruptedException {
        speaker.apply(List.of(QUICK.router()));
        assertThat(speaker.status()).isEmpty();
        speaker.start();
        until(() -> state() == RouterState.ACTIVE);
        assertThat(calls.peek()).isEqualTo("thread vrrp");
        assertThat(speaker.stop(PATIENCE)).isTrue();
        assertThat(calls).contains("send 0").endsWith("release 198.51.100.100");
        assertThat(state()).isEqualTo(RouterState.INITIALIZE);
    }

    @Test
    void stoppingBeforeStartingIsNothing() throws InterruptedException {
        assertThat(speaker.stop(PATIENCE)).isTrue();
    }

    @Test
    void aBugGivesTheAddressesUpAndIsReported() throws InterruptedException {
        speaker.apply(List.of(QUICK.router()));
        speaker.start();
        until(() -> state() == RouterState.ACTIVE);
        broken.set(true);
        until(() -> events.stream().anyMatch(VrrpEvent.Failed.class::isInstance));
        assertThat(calls).endsWith("release 198.51.100.100");
        assertThat(speaker.stop(PATIENCE)).isTrue();
        assertThat(state()).isEqualTo(RouterState.FAULT);
        assertThat(speaker.status().getFirst().why()).contains("a bug");
        assertThat(events.stream().filter(VrrpEvent.Failed.class::isInstance)).hasSize(1);
    }

    @Test
    void anObserverThatThrowsIsABugToo() throws InterruptedException {
        AtomicBoolean failed = new AtomicBoolean();
        Speaker other =
                new Speaker(
                        ports(),
                        event -> {
                            failed.compareAndSet(false, event instanceof VrrpEvent.Failed);
                            if (event instanceof VrrpEvent.Transition transition
                                    && transition.to() == RouterState.ACTIVE) {
                                throw new IllegalStateException("observer");
                            }
                        });
        other.apply(List.of(QUICK.router()));
        other.start();
        until(failed::get);
        assertThat(other.stop(PATIENCE)).isTrue();
        assertThat(calls).endsWith("release 198.51.100.100");
    }

    @Test
    void isSilentUntilItIsDecidedWhoGoesOnAndThenGoesOn() throws Exception {
        speaker.apply(List.of(QUICK.router()));
        speaker.start();
        until(() -> state() == RouterState.ACTIVE);
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        HandedOver all =
                speaker.handOver(HandedOver.keys(List.of(QUICK.router())), gone)
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(all.teams()).hasSize(1);
        assertThat(all.teams().getFirst().state()).isInstanceOf(State.Active.class);
        AtomicBoolean applied = new AtomicBoolean();
        var _ = speaker.resign(Set.of()).thenRun(() -> applied.set(true));
        assertThat(applied).isFalse();
        gone.complete(false);
        until(applied::get);
        assertThat(state()).isEqualTo(RouterState.ACTIVE);
        assertThat(speaker.stop(PATIENCE)).isTrue();
        assertThat(calls).endsWith("release 198.51.100.100");
    }

    @Test
    void leavesEverythingAsItIsWhenAnotherGoesOn() throws Exception {
        speaker.apply(List.of(QUICK.router()));
        speaker.start();
        until(() -> state() == RouterState.ACTIVE);
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        var _ =
                speaker.handOver(HandedOver.keys(List.of(QUICK.router())), gone)
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        List<String> before = List.copyOf(calls);
        gone.complete(true);
        assertThat(speaker.stop(PATIENCE)).isTrue();
        assertThat(calls).containsExactlyElementsOf(before);
        assertThat(events).noneMatch(VrrpEvent.Failed.class::isInstance);
    }

    @Test
    void twoRoutersOfOneIdentityAreRefusedAtOnce() {
        assertThatThrownBy(
                        () -> speaker.apply(List.of(QUICK.router(), QUICK.named("b", 51).router())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private RouterState state() {
        List<RouterStatus> status = speaker.status();
        return status.isEmpty() ? RouterState.INITIALIZE : status.getFirst().state();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("waited too long").isNegative();
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private Ports ports() {
        return new Ports(
                new OneLan(),
                new FakeAddresses(),
                new QuietNeighbours(),
                new OneLink(),
                new FakeRoutes(),
                new NoVirtualMacs(),
                new RealWaiter(),
                () -> calls.add("thread " + Thread.currentThread().getName()));
    }

    private final class OneLan implements Lan {
        @Override
        public AdvertisementChannel open(Opening opening) {
            return new SilentChannel();
        }

        @Override
        public AdvertisementSender speakThrough(Links.Link link, InetAddress source, int ttl) {
            return new SilentChannel();
        }
    }

    private static final class NoVirtualMacs implements VirtualMacs {
        @Override
        public Optional<Made> takeOver(Links.Link on, int routerId, boolean ipv6) {
            return Optional.empty();
        }

        @Override
        public Made make(Links.Link on, int routerId, boolean ipv6) throws KernelRefused {
            throw new KernelRefused("no virtual MAC in this test");
        }

        @Override
        public void raise(int interfaceIndex) {}

        @Override
        public void lower(int interfaceIndex) {}

        @Override
        public void remove(int interfaceIndex) {}

        @Override
        public void finish(Duration atMost) {}

        @Override
        public void clear() {}
    }

    private static final class FakeRoutes implements RoutingTable {
        @Override
        public boolean add(RoutingTable.Entry entry) {
            return true;
        }

        @Override
        public void remove(RoutingTable.Entry entry) {}

        @Override
        public void clear() {}
    }

    private final class QuietNeighbours implements Neighbours {
        @Override
        public void announce(int interfaceIndex, InetAddress address) {
            calls.add("announce " + address.getHostAddress());
        }

        @Override
        public void listenFor(int interfaceIndex, Set<InetAddress> addresses) {}

        @Override
        public List<Claim> heard() {
            return List.of();
        }
    }

    private final class SilentChannel implements AdvertisementChannel {
        @Override
        public void send(byte[] message, InetAddress destination) {
            calls.add("send " + (message[2] & 0xff));
            if (broken.get()) {
                throw new IllegalStateException("a bug");
            }
        }

        @Override
        public Optional<Datagram> receive() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    private final class FakeAddresses implements AddressTable {
        @Override
        public void claim(int index, InetAddress address, int length, Duration lifetime) {
            calls.add("claim " + address.getHostAddress());
        }

        @Override
        public void release(int index, InetAddress address, int length) {
            calls.add("release " + address.getHostAddress());
        }

        @Override
        public List<AddressTable.Entry> list(int index) {
            return List.of(new AddressTable.Entry(InetAddress.ofLiteral("198.51.100.1"), 24, true));
        }
    }

    private static final class OneLink implements Links {
        @Override
        public List<Link> list() {
            return List.of(new Link(2, "eth0", true));
        }

        @Override
        public List<LinkEvent> events() {
            return List.of();
        }
    }

    private static final class RealWaiter implements Waiter {
        private final Semaphore wakeUps = new Semaphore(0);

        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public void await(long deadline) {
            try {
                if (wakeUps.tryAcquire(deadline - now(), TimeUnit.NANOSECONDS)) {
                    wakeUps.drainPermits();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void wakeUp() {
            wakeUps.release();
        }
    }
}

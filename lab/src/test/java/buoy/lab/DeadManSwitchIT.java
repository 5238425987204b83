package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A process that died or hangs does not keep its addresses: the kernel takes them away. A busy
 * machine can only make that look later, so a bound that was missed is measured again, at most
 * three times, and the best counts.
 */
@BesideOthers
@Needs(
        value = {"arping"},
        buoy = true)
class DeadManSwitchIT {
    private static final String VIP = "198.51.100.100";
    private static final String VIP6 = "2001:db8:77::100";
    private static final Duration LIFETIME = Duration.ofSeconds(1);
    private static final Duration LIMIT = LIFETIME.plusMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int QUESTIONS = 10;
    private static final int ROUNDS = 3;
    private static final Duration UNMEASURED = Duration.ofDays(1);

    /** Both keep what they have: a process that wakes up late finds the other active. */
    private static String configuration(int priority) {
        return """
        vrrp:
          four:
            interface: eth0
            router-id: 51
            priority: %1$d
            preempt: false
            advertise: 100ms
            lifetime: 1s
            addresses: [198.51.100.100/24]
          six:
            interface: eth0
            router-id: 52
            priority: %1$d
            preempt: false
            advertise: 100ms
            lifetime: 1s
            addresses: ["2001:db8:77::100/64"]
        """
                .formatted(priority);
    }

    @Test
    void theAddressesOfAKilledProcessAreGoneWithinTheirLifetime() {
        Duration best = UNMEASURED;
        for (int round = 1; round <= ROUNDS && best.compareTo(LIMIT) > 0; round++) {
            try (Lan lan = Lan.open("killed")) {
                Scene scene = new Scene(lan);
                Instant killed = Instant.now();
                scene.active.process().kill();
                best = shorter(best, scene.keptSince(killed, "kill -9"));
                scene.assertOnlyTheOtherAnswers();
            }
        }
        assertThat(best).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void aFrozenProcessLosesItsAddressesAndDoesNotDisturbWhenItThaws() {
        Duration best = UNMEASURED;
        for (int round = 1; round <= ROUNDS && best.compareTo(LIMIT) > 0; round++) {
            try (Lan lan = Lan.open("frozen")) {
                Scene scene = new Scene(lan);
                Instant frozen = Instant.now();
                scene.active.process().freeze();
                best = shorter(best, scene.keptSince(frozen, "SIGSTOP"));
                scene.assertOnlyTheOtherAnswers();

                Instant thawed = Instant.now();
                scene.active.process().thaw();
                scene.assertOnlyTheOtherAnswers();
                scene.assertUndisturbedSince(thawed);
            }
        }
        assertThat(best).isLessThanOrEqualTo(LIMIT);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** lb1 is active at the lower priority, because it came first; lb2 waits. */
    private static final class Scene {
        private final Host lb1;
        private final Host client;
        private final Capture capture;
        private final AddressEvents events;
        private final BuoyDaemon active;
        private final Instant carried;
        private final String mac1;
        private final String mac2;

        Scene(Lan lan) {
            this.lb1 = lan.host("lb1", "198.51.100.1/24", "2001:db8:77::1/64");
            Host lb2 = lan.host("lb2", "198.51.100.2/24", "2001:db8:77::2/64");
            this.client = lan.host("client", "198.51.100.200/24", "2001:db8:77::200/64");
            this.mac1 = lb1.mac();
            this.mac2 = lb2.mac();
            this.capture = lan.capture();
            this.events = AddressEvents.on(lb1);
            this.active = BuoyDaemon.start(lb1, configuration(100));
            Await.until(
                    PATIENCE,
                    "both addresses on lb1",
                    () -> lb1.carries().containsAll(List.of(VIP + "/24", VIP6 + "/64")));
            this.carried = Instant.now();
            BuoyDaemon.start(lb2, configuration(150));
        }

        /**
         * How long the kernel kept the addresses, the longer of the two. No round is better than
         * one in which the machine was so busy that an address had changed hands before.
         */
        Duration keptSince(Instant since, String how) {
            Duration longest = Duration.ZERO;
            for (String address : List.of(VIP, VIP6)) {
                Instant gone =
                        Await.value(
                                PATIENCE,
                                address + " gone from lb1",
                                () -> events.goneSince(carried, address));
                if (gone.isBefore(since)) {
                    Figures.say("%s: %s had changed hands before".formatted(how, address));
                    return UNMEASURED;
                }
                Duration kept = Duration.between(since, gone);
                Figures.say(
                        "%s: %s gone from the kernel after %s (limit %s)"
                                .formatted(how, address, Figures.ms(kept), Figures.ms(LIMIT)));
                longest = kept.compareTo(longest) > 0 ? kept : longest;
            }
            return longest;
        }

        /** The late riser says nothing and takes nothing. */
        void assertUndisturbedSince(Instant thawed) {
            assertThat(capture.advertisements())
                    .as("advertisements of the late riser")
                    .noneMatch(a -> a.mac().equals(mac1) && a.at().isAfter(thawed));
            assertThat(capture.arps())
                    .as("claims of the late riser")
                    .noneMatch(
                            a ->
                                    a.senderMac().equals(mac1)
                                            && a.sender().equals(address(VIP))
                                            && a.at().isAfter(thawed));
            assertThat(events.all())
                    .as("addresses on the late riser")
                    .noneMatch(e -> e.address().equals(VIP) && !e.gone() && e.at().isAfter(thawed));
        }

        void assertOnlyTheOtherAnswers() {
            Await.until(
                    PATIENCE,
                    "lb2 to advertise",
                    () ->
                            capture.advertisements().reversed().stream()
                                    .findFirst()
                                    .filter(a -> a.mac().equals(mac2))
                                    .isPresent());
            Instant asked = Instant.now();
            client.run("arping", "-c", Integer.toString(QUESTIONS), "-W", "0.1", "-i", "eth0", VIP);
            List<Arp> answers =
                    capture.arps().stream()
                            .filter(Arp::isReply)
                            .filter(a -> !a.isGratuitous())
                            .filter(a -> a.sender().equals(address(VIP)) && a.at().isAfter(asked))
                            .toList();
            assertThat(answers).as("answers to %d questions", QUESTIONS).hasSize(QUESTIONS);
            assertThat(answers).extracting(Arp::senderMac).containsOnly(mac2);
        }
    }
}

package buoy.daemon.watch.packet;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.linux.layout.MacAddress;
import buoy.vrrp.wire.Decoded;
import buoy.vrrp.wire.Dissected;
import buoy.vrrp.wire.Dissected.Checksum;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConductTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final InetAddress GROUP = InetAddress.ofLiteral("224.0.0.18");
    private static final MacAddress MAC1 = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress MAC2 = MacAddress.parse("02:00:00:00:00:02");

    private final Conduct conduct = new Conduct();

    /** An advertisement of VRID 51; what a test is about, it changes. */
    private record Said(
            int host,
            int priority,
            int version,
            Duration interval,
            String floated,
            Checksum checksum,
            Optional<Decoded.Garbage> flaw,
            MacAddress mac,
            int ttl) {
        static Said by(int host, int priority) {
            return new Said(
                    host,
                    priority,
                    3,
                    Duration.ofSeconds(1),
                    "198.51.100.100",
                    Checksum.OK_PSEUDO_HEADER,
                    Optional.empty(),
                    host == 1 ? MAC1 : MAC2,
                    255);
        }

        Said every(Duration other) {
            return new Said(host, priority, version, other, floated, checksum, flaw, mac, ttl);
        }

        Said floating(String other) {
            return new Said(host, priority, version, interval, other, checksum, flaw, mac, ttl);
        }

        Said from(String other) {
            return new Said(
                    host,
                    priority,
                    version,
                    interval,
                    floated,
                    checksum,
                    flaw,
                    MacAddress.parse(other),
                    ttl);
        }

        Said arrivingWith(int other) {
            return new Said(host, priority, version, interval, floated, checksum, flaw, mac, other);
        }

        Said inVersion2() {
            return new Said(host, priority, 2, interval, floated, Checksum.OK, flaw, mac, ttl);
        }

        Said summed(Checksum other, Optional<Decoded.Garbage> why) {
            return new Said(host, priority, version, interval, floated, other, why, mac, ttl);
        }

        Packet packet() {
            return new Packet.Protocol112(
                    Optional.of(mac),
                    address(),
                    GROUP,
                    ttl,
                    new Dissected.Advertisement(
                            version,
                            51,
                            priority,
                            interval,
                            List.of(InetAddress.ofLiteral(floated)),
                            0,
                            checksum,
                            flaw));
        }

        InetAddress address() {
            return InetAddress.ofLiteral("198.51.100." + host);
        }
    }

    private Judgement at(double seconds, Said said) {
        return at(seconds, said.packet());
    }

    private Judgement at(double seconds, Packet packet) {
        return conduct.judge(START.plusNanos(Math.round(seconds * 1e9)), "eth0", packet);
    }

    private static List<String> kinds(Judgement judgement) {
        return judgement.warnings().stream().map(Warning::kind).toList();
    }

    private static String text(Judgement judgement) {
        assertThat(judgement.warnings()).hasSize(1);
        return judgement.warnings().getFirst().text();
    }

    @Test
    void aHealthyRouterAndItsGaps() {
        assertThat(at(0, Said.by(1, 150))).isEqualTo(new Judgement(Optional.empty(), List.of()));
        assertThat(at(1.01, Said.by(1, 150)))
                .isEqualTo(new Judgement(Optional.of(Duration.ofMillis(1010)), List.of()));
    }

    @Test
    void aHandOverIsNoConflict() {
        at(0, Said.by(1, 150));
        assertThat(kinds(at(0.5, Said.by(1, 0)))).containsExactly("resign");
        assertThat(kinds(at(1.1, Said.by(2, 100)))).isEmpty();
        assertThat(kinds(at(2.1, Said.by(2, 100)))).isEmpty();
        assertThat(kinds(at(2.3, Said.by(1, 150)))).as("preempts, and was not late").isEmpty();
        assertThat(kinds(at(3.3, Said.by(1, 150)))).isEmpty();
    }

    @Test
    void twoActiveRoutersAreHeardInTurn() {
        at(0, Said.by(1, 150));
        assertThat(kinds(at(0.5, Said.by(2, 100)))).as("may have taken over").isEmpty();
        assertThat(text(at(1, Said.by(1, 150))))
                .isEqualTo(
                        "VRID 51, 198.51.100.1: 198.51.100.2 is active too (priority 100, here 150): they do not hear each other, or one of them does not yield");
        assertThat(kinds(at(1.5, Said.by(2, 100)))).containsExactly("two-active");
    }

    @Test
    void oneWhoYieldedIsNotActive() {
        at(0, Said.by(1, 150));
        at(0.5, Said.by(2, 100));
        assertThat(kinds(at(60, Said.by(1, 150)))).isEmpty();
    }

    @Test
    void aLateAdvertisement() {
        at(0, Said.by(1, 150));
        assertThat(kinds(at(1.5, Said.by(1, 150)))).isEmpty();
        assertThat(text(at(3.1, Said.by(1, 150))))
                .isEqualTo(
                        "VRID 51, 198.51.100.1: 1.6s after the last one, which promised 1s: backups take over after three times that and their skew time");
    }

    @Test
    void unicastToTwoPeersIsTwoStreams() {
        Packet one = Said.by(1, 150).packet();
        Packet.Protocol112 sent = (Packet.Protocol112) one;
        Packet other =
                new Packet.Protocol112(
                        sent.mac(),
                        sent.source(),
                        InetAddress.ofLiteral("198.51.100.2"),
                        255,
                        sent.message());
        at(0, one);
        assertThat(at(0.0001, other).gap()).isEmpty();
        assertThat(at(1, one).gap()).contains(Duration.ofSeconds(1));
        assertThat(kinds(at(1.0001, other))).isEmpty();
    }

    @Test
    void whatHostsMustAgreeOn() {
        at(0, Said.by(1, 0));
        assertThat(text(at(2, Said.by(2, 100).floating("198.51.100.101"))))
                .isEqualTo(
                        "VRID 51, 198.51.100.2: 198.51.100.101, but 198.51.100.1 (2s ago) said 198.51.100.100");
        assertThat(kinds(at(3, Said.by(2, 100).inVersion2()))).containsExactly("version-mismatch");
        assertThat(kinds(at(4, Said.by(2, 100).summed(Checksum.OK_RFC9568, Optional.empty()))))
                .containsExactly("checksum-mismatch");
        assertThat(text(at(5, Said.by(2, 100).every(Duration.ofMillis(100)))))
                .isEqualTo(
                        "VRID 51, 198.51.100.2: every 100ms, but 198.51.100.1 (5s ago) said every 1s");
    }

    @Test
    void aPacketThatIsDiscardedProvesNothing() {
        at(0, Said.by(1, 150));
        assertThat(
                        kinds(
                                at(
                                        0.5,
                                        Said.by(2, 200)
                                                .summed(
                                                        Checksum.BAD,
                                                        Optional.of(new Decoded.BadChecksum(1))))))
                .containsExactly("bad-checksum");
        assertThat(kinds(at(1, Said.by(1, 150)))).isEmpty();
    }

    @Test
    void throughARouter() {
        assertThat(text(at(0, Said.by(1, 150).arrivingWith(254))))
                .startsWith("198.51.100.1: TTL 254 in place of 255");
    }

    @Test
    void virtualMacAddresses() {
        assertThat(kinds(at(0, Said.by(1, 150).from("00:00:5e:00:01:33")))).isEmpty();
        assertThat(text(at(1, Said.by(1, 150).from("00:00:5e:00:01:34"))))
                .isEqualTo(
                        "VRID 51, 198.51.100.1: it sends from 00:00:5e:00:01:34, which is that of VRID 52 over IPv4; its own would be 00:00:5e:00:01:33");
    }

    @Test
    void whoAnnouncesAnAddress() {
        assertThat(kinds(at(0, arp(MAC2)))).as("nobody floats it").isEmpty();
        at(1, Said.by(1, 150));
        assertThat(kinds(at(1.1, arp(MAC1)))).isEmpty();
        assertThat(kinds(at(1.2, arp(MacAddress.parse("00:00:5e:00:01:33"))))).isEmpty();
        assertThat(kinds(at(1.3, arp(MacAddress.parse("00:00:5e:00:02:33")))))
                .containsExactly("wrong-virtual-mac");
        assertThat(text(at(1.4, arp(MAC2))))
                .isEqualTo(
                        "198.51.100.100 of VRID 51 is announced at 02:00:00:00:00:02, but its active router sends from 02:00:00:00:00:01: somebody else has the address too");
        assertThat(at(2.4, arp(MAC2)).gap()).contains(Duration.ofSeconds(1));
    }

    private static Packet arp(MacAddress holder) {
        return new Packet.GratuitousArp(
                Optional.of(holder), holder, InetAddress.ofLiteral("198.51.100.100"), false);
    }

    @Test
    void anAnnouncementNobodyHeeds() {
        InetAddress address = InetAddress.ofLiteral("2001:db8::100");
        assertThat(
                        kinds(
                                at(
                                        0,
                                        new Packet.NeighbourAdvertisement(
                                                Optional.of(MAC1),
                                                address,
                                                address,
                                                Optional.of(MAC1),
                                                64,
                                                false,
                                                false,
                                                false))))
                .containsExactly("wrong-ttl", "bad-checksum", "no-override");
    }

    @Test
    void carpOnTheSameNumber() {
        Packet carp =
                new Packet.Protocol112(
                        Optional.of(MAC2),
                        InetAddress.ofLiteral("198.51.100.9"),
                        GROUP,
                        255,
                        new Dissected.Carp(51, 0, 0, Duration.ofSeconds(1), Checksum.OK));
        assertThat(kinds(at(0, carp))).isEmpty();
        assertThat(text(at(1, Said.by(1, 150))))
                .isEqualTo(
                        "VRID 51 is used by CARP (198.51.100.9) and by VRRP (198.51.100.1): they share a virtual MAC address and must differ");
        assertThat(kinds(at(1.5, carp))).containsExactly("carp");
        assertThat(kinds(at(62, Said.by(2, 150)))).as("CARP is long gone").isEmpty();
    }

    @Test
    void whatIsUnreadableIsNamed() {
        Packet unreadable =
                new Packet.Protocol112(
                        Optional.of(MAC1),
                        InetAddress.ofLiteral("198.51.100.9"),
                        GROUP,
                        255,
                        new Dissected.Unreadable("wrong-type", "type 2, not an advertisement"));
        assertThat(text(at(0, unreadable))).isEqualTo("198.51.100.9: type 2, not an advertisement");
    }

    @Test
    void memoryIsBounded() {
        Recent<Integer, Integer> recent = new Recent<>(3);
        for (int i = 0; i < 10; i++) {
            recent.put(i, i);
            assertThat(recent.get(0)).isEqualTo(0);
        }
        assertThat(recent.keySet()).containsExactly(8, 9, 0);
    }

    @Test
    void spansAsPeopleReadThem() {
        assertThat(Spans.of(Duration.ofNanos(84_000))).isEqualTo("0.08ms");
        assertThat(Spans.of(Duration.ofNanos(100_240_000))).isEqualTo("100.2ms");
        assertThat(Spans.of(Duration.ofMillis(100))).isEqualTo("100ms");
        assertThat(Spans.of(Duration.ofMillis(3610))).isEqualTo("3.61s");
        assertThat(Spans.of(Duration.ofSeconds(119))).isEqualTo("119s");
        assertThat(Spans.of(Duration.ofMinutes(61))).isEqualTo("61m");
        assertThat(Spans.of(Duration.ofHours(30))).isEqualTo("30h");
    }
}

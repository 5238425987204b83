package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.linux.layout.Packet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel, in namespaces. */
class VrrpSocketTest {
    private static final InetAddress GROUP = ip("224.0.0.18");
    private static final InetAddress GROUP6 = ip("ff02::12");
    private static final byte[] MESSAGE = {0x31, 51, 100, 1, 0, 100, 0, 0, 1, 2, 3, 4};

    private Wire wire;

    @BeforeEach
    void lay() throws Exception {
        wire = Wire.lay();
    }

    @AfterEach
    void remove() throws Exception {
        if (wire != null) {
            wire.close();
        }
    }

    @Test
    void multicastArrivesWithAllThatItsHeaderSaid() throws Exception {
        try (var from = multicast(wire.left, "eth0", GROUP, 255);
                var to = multicast(wire.right, "eth0", GROUP, 255)) {
            send(wire.left, from, GROUP);
            var packet = receive(wire.right, to);
            assertThat(packet.payload()).isEqualTo(MESSAGE);
            assertThat(packet.source()).isEqualTo(ip("198.51.100.1"));
            assertThat(packet.destination()).isEqualTo(GROUP);
            assertThat(packet.hopLimit()).isEqualTo(255);
            assertThat(packet.interfaceIndex()).isEqualTo(wire.right.index("eth0"));
            assertThat(wire.right.in(to::receive)).isEmpty();
        }
    }

    @Test
    void ipv6MulticastArrivesWithAllThatItsHeaderSaid() throws Exception {
        try (var from = multicast(wire.left, "eth0", GROUP6, 255);
                var to = multicast(wire.right, "eth0", GROUP6, 255)) {
            send(wire.left, from, GROUP6);
            var packet = receive(wire.right, to);
            assertThat(packet.payload()).isEqualTo(MESSAGE);
            assertThat(packet.source()).isEqualTo(ip("fe80::1"));
            assertThat(packet.destination()).isEqualTo(GROUP6);
            assertThat(packet.hopLimit()).isEqualTo(255);
            assertThat(packet.interfaceIndex()).isEqualTo(wire.right.index("eth0"));
        }
    }

    @Test
    void theHopLimitIsTheSenders() throws Exception {
        for (var group : new InetAddress[] {GROUP, GROUP6}) {
            try (var from = multicast(wire.left, "eth0", group, 7);
                    var to = multicast(wire.right, "eth0", group, 255)) {
                send(wire.left, from, group);
                assertThat(receive(wire.right, to).hopLimit()).isEqualTo(7);
            }
        }
    }

    @Test
    void whatWeSendIsNotHeardByUs() throws Exception {
        for (var group : new InetAddress[] {GROUP, GROUP6}) {
            try (var from = multicast(wire.left, "eth0", group, 255);
                    var alike = multicast(wire.left, "eth0", group, 255);
                    var to = multicast(wire.right, "eth0", group, 255)) {
                send(wire.left, from, group);
                receive(wire.right, to); // it went out, so a loop would have been delivered before
                assertThat(wire.left.in(from::receive)).isEmpty();
                assertThat(wire.left.in(alike::receive)).isEmpty();
            }
        }
    }

    @Test
    void whatArrivesOnAnotherInterfaceIsNotTaken() throws Exception {
        wire.join("eth1");
        for (var group : new InetAddress[] {GROUP, GROUP6}) {
            try (var from = multicast(wire.left, "eth1", group, 255);
                    var other = multicast(wire.right, "eth0", group, 255);
                    var to = multicast(wire.right, "eth1", group, 255)) {
                // The same source address on the wrong wire: only the interface tells them apart.
                if (group.equals(GROUP6)) {
                    wire.left.run("ip", "addr", "add", "fe80::1/64", "dev", "eth1", "nodad");
                }
                wire.right.run(
                        "sysctl",
                        "-qw",
                        "net.ipv4.conf.all.rp_filter=0",
                        "net.ipv4.conf.eth1.rp_filter=0");
                send(wire.left, from, group);
                receive(wire.right, to);
                assertThat(wire.right.in(other::receive)).isEmpty();
            }
        }
    }

    @Test
    void theGroupIsJoinedOnThatInterfaceAlone() throws Exception {
        wire.join("eth1");
        try (var socket = multicast(wire.right, "eth1", GROUP, 255);
                var socket6 = multicast(wire.right, "eth1", GROUP6, 255)) {
            assertThat(wire.right.run("ip", "maddr", "show", "dev", "eth1"))
                    .contains("224.0.0.18", "ff02::12");
            assertThat(wire.right.run("ip", "maddr", "show", "dev", "eth0"))
                    .doesNotContain("224.0.0.18", "ff02::12");
            assertThat(socket.fd()).isNotEqualTo(socket6.fd());
        }
        assertThat(wire.right.run("ip", "maddr", "show", "dev", "eth1"))
                .doesNotContain("224.0.0.18");
    }

    @Test
    void unicastAndMulticastAreKeptApart() throws Exception {
        for (var group : new InetAddress[] {GROUP, GROUP6}) {
            try (var unicastLeft = unicast(wire.left, group, 64);
                    var multicastLeft = multicast(wire.left, "eth0", group, 255);
                    var unicast = unicast(wire.right, group, 255);
                    var multicast = multicast(wire.right, "eth0", group, 255)) {
                send(wire.left, unicastLeft, address(wire.right, group));
                var packet = receive(wire.right, unicast);
                assertThat(packet.source()).isEqualTo(address(wire.left, group));
                assertThat(packet.destination()).isEqualTo(address(wire.right, group));
                assertThat(packet.hopLimit()).isEqualTo(64);
                assertThat(wire.right.in(multicast::receive)).isEmpty();

                send(wire.left, multicastLeft, group);
                receive(wire.right, multicast);
                assertThat(wire.right.in(unicast::receive)).isEmpty();
            }
        }
    }

    @Test
    void aFloodBeyondTheBufferLosesPacketsAndNothingElse() throws Exception {
        try (var from = multicast(wire.left, "eth0", GROUP, 255);
                var to = multicast(wire.right, "eth0", GROUP, 255)) {
            wire.left.in(
                    () -> {
                        for (var i = 0; i < 5_000; i++) {
                            from.send(MESSAGE, GROUP);
                        }
                        return true;
                    });
            int heard =
                    wire.right.in(
                            () -> {
                                var count = 0;
                                while (to.receive().isPresent()) {
                                    count++;
                                }
                                return count;
                            });
            assertThat(heard).isBetween(1, 5_000);
            send(wire.left, from, GROUP);
            assertThat(receive(wire.right, to).payload()).isEqualTo(MESSAGE);
        }
    }

    @Test
    void theLargestMessageFits() throws Exception {
        var largest = new byte[8 + 255 * 16];
        largest[largest.length - 1] = 42;
        for (var group : new InetAddress[] {GROUP, GROUP6}) {
            try (var from = multicast(wire.left, "eth0", group, 255);
                    var to = multicast(wire.right, "eth0", group, 255)) {
                wire.left.in(
                        () -> {
                            from.send(largest, group);
                            return true;
                        });
                assertThat(receive(wire.right, to).payload()).isEqualTo(largest);
            }
        }
    }

    @Test
    void aRefusalSaysWhatAndWhere() throws Exception {
        assertThatThrownBy(
                        () ->
                                wire.left.in(
                                        () ->
                                                VrrpSocket.open(
                                                        wire.left.kernel,
                                                        wire.left.index("eth0"),
                                                        "eth0",
                                                        ip("198.51.100.77"),
                                                        Optional.empty(),
                                                        255)))
                .hasMessage(
                        "bind(VRRP unicast from 198.51.100.77 on eth0) failed: EADDRNOTAVAIL (give the interface an address of this family first)");
    }

    private static VrrpSocket multicast(
            Wire.End end, String interfaceName, InetAddress group, int ttl) throws Exception {
        return open(end, interfaceName, address(end, group), Optional.of(group), ttl);
    }

    private static VrrpSocket unicast(Wire.End end, InetAddress familyOf, int ttl)
            throws Exception {
        return open(end, "eth0", address(end, familyOf), Optional.empty(), ttl);
    }

    private static VrrpSocket open(
            Wire.End end,
            String interfaceName,
            InetAddress source,
            Optional<InetAddress> group,
            int ttl)
            throws Exception {
        var index = end.index(interfaceName);
        return end.in(() -> VrrpSocket.open(end.kernel, index, interfaceName, source, group, ttl));
    }

    private static InetAddress address(Wire.End end, InetAddress familyOf) {
        return ip((familyOf.equals(GROUP) ? "198.51.100." : "fe80::") + end.number);
    }

    private static void send(Wire.End end, VrrpSocket socket, InetAddress destination)
            throws Exception {
        end.in(
                () -> {
                    socket.send(MESSAGE, destination);
                    return true;
                });
    }

    private static Packet receive(Wire.End end, VrrpSocket socket) throws Exception {
        return Eventually.get(() -> end.in(socket::receive), Optional::isPresent).orElseThrow();
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}

package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.linux.layout.GratuitousArp;
import buoy.linux.layout.MacAddress;
import buoy.linux.layout.NeighbourAdvertisement;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the other end of the wire sees, as tshark reads it. */
class FramesOnTheWireTest {
    private static final MacAddress MAC = MacAddress.parse("00:00:5e:00:01:33");

    private Wire wire;

    @BeforeEach
    void lay() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/tshark")), "needs the package tshark");
        wire = Wire.lay();
    }

    @AfterEach
    void remove() throws Exception {
        if (wire != null) {
            wire.close();
        }
    }

    @Test
    void gratuitousArp() throws Exception {
        var address = (Inet4Address) InetAddress.getByName("198.51.100.100");
        assertThat(
                        whileSending(
                                frame(GratuitousArp.frame(MAC, address)),
                                "arp and ether src " + MAC,
                                "eth.dst",
                                "arp.opcode",
                                "arp.isgratuitous",
                                "arp.src.hw_mac",
                                "arp.src.proto_ipv4",
                                "arp.dst.proto_ipv4"))
                .isEqualTo("ff:ff:ff:ff:ff:ff 1 1 00:00:5e:00:01:33 198.51.100.100 198.51.100.100");
        // Its kernel took it in: whoever talks to the address reaches the new holder.
        wire.right.run(
                "ip",
                "neigh",
                "replace",
                "198.51.100.100",
                "lladdr",
                "02:00:00:00:00:99",
                "nud",
                "stale",
                "dev",
                "eth0");
        Eventually.get(
                () -> {
                    wire.left.in(frame(GratuitousArp.frame(MAC, address)));
                    return wire.right.run("ip", "neigh", "show", "198.51.100.100");
                },
                it -> it.contains(MAC.toString()));
    }

    @Test
    void unsolicitedNeighbourAdvertisement() throws Exception {
        var address = (Inet6Address) InetAddress.getByName("2001:db8:77::100");
        assertThat(
                        whileSending(
                                frame(NeighbourAdvertisement.frame(MAC, address, false)),
                                "icmp6 and ether src " + MAC,
                                "eth.dst",
                                "ipv6.src",
                                "ipv6.dst",
                                "ipv6.hlim",
                                "icmpv6.type",
                                "icmpv6.checksum.status",
                                "icmpv6.nd.na.flag.r",
                                "icmpv6.nd.na.flag.s",
                                "icmpv6.nd.na.flag.o",
                                "icmpv6.nd.na.target_address",
                                "icmpv6.opt.linkaddr"))
                .isEqualTo(
                        "33:33:00:00:00:01 2001:db8:77::100 ff02::1 255 136 1 0 0 1 2001:db8:77::100 00:00:5e:00:01:33");
        wire.right.run("ip", "addr", "add", "2001:db8:77::2/64", "dev", "eth0", "nodad");
        wire.right.run(
                "ip",
                "neigh",
                "replace",
                "2001:db8:77::100",
                "lladdr",
                "02:00:00:00:00:99",
                "nud",
                "stale",
                "dev",
                "eth0");
        Eventually.get(
                () -> {
                    wire.left.in(frame(NeighbourAdvertisement.frame(MAC, address, false)));
                    return wire.right.run("ip", "neigh", "show", "2001:db8:77::100");
                },
                it -> it.contains(MAC.toString()));
    }

    @Test
    void advertisements() throws Exception {
        for (var address : new String[] {"198.51.100.1", "fe80::1"}) {
            var ipv4 = address.startsWith("198");
            var group = InetAddress.getByName(ipv4 ? "224.0.0.18" : "ff02::12");
            var index = wire.left.index("eth0");
            var source = InetAddress.getByName(address);
            var socket =
                    wire.left.in(
                            () ->
                                    VrrpSocket.open(
                                            wire.left.kernel,
                                            index,
                                            "eth0",
                                            source,
                                            Optional.of(group),
                                            255));
            Callable<Boolean> send =
                    () -> {
                        socket.send(new byte[] {0x31, 51, 100, 1, 0, 100, 0, 0, 1, 2, 3, 4}, group);
                        return true;
                    };
            var seen =
                    ipv4
                            ? whileSending(
                                    send,
                                    "ip proto 112",
                                    "eth.dst",
                                    "ip.src",
                                    "ip.dst",
                                    "ip.ttl",
                                    "ip.dsfield")
                            : whileSending(
                                    send,
                                    "ip6 proto 112",
                                    "eth.dst",
                                    "ipv6.src",
                                    "ipv6.dst",
                                    "ipv6.hlim",
                                    "ipv6.tclass");
            assertThat(seen)
                    .isEqualTo(
                            ipv4
                                    ? "01:00:5e:00:00:12 198.51.100.1 224.0.0.18 255 0xc0"
                                    : "33:33:00:00:00:12 fe80::1 ff02::12 255 0x000000c0");
            socket.close();
        }
    }

    private Callable<Boolean> frame(byte[] frame) throws Exception {
        var index = wire.left.index("eth0");
        return () -> {
            try (var socket = PacketSocket.open(wire.left.kernel)) {
                socket.send(index, frame);
            }
            return true;
        };
    }

    /**
     * Sends again and again until tshark, on the other end, has seen one; returns the fields asked
     * for.
     */
    private String whileSending(Callable<Boolean> send, String filter, String... fields)
            throws Exception {
        var command = new ArrayList<String>();
        command.addAll(List.of("tshark", "-n", "-Q", "-i", "eth0", "-c", "1", "-f", filter));
        command.addAll(List.of("-T", "fields", "-E", "separator=/s"));
        for (var field : fields) {
            command.add("-e");
            command.add(field);
        }
        var tshark = wire.right.start(command.toArray(String[]::new));
        try {
            Eventually.get(
                    () -> {
                        wire.left.in(send);
                        return tshark.waitFor(50, TimeUnit.MILLISECONDS);
                    },
                    ended -> ended);
            return new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip();
        } finally {
            tshark.destroy();
        }
    }
}

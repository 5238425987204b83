package buoy.linux.layout;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Optional;

/** The kernel's messages, as far as any bytes may stand for one. */
class LayoutFuzzTest {
    @FuzzTest
    void netlink(byte[] datagram) {
        for (var message : NetlinkMessage.parse(datagram, datagram.length)) {
            assertThat(Acknowledgement.decode(message)).isNotNull();
            NetworkEvent.decode(message)
                    .ifPresent(
                            event -> {
                                if (event
                                        instanceof
                                        NetworkEvent.AddressChanged(InterfaceAddress address)) {
                                    isReadBack(address);
                                }
                            });
        }
    }

    private static void isReadBack(InterfaceAddress address) {
        var request = address.put(Lifetime.FOREVER, 1);
        assertThat(NetlinkMessage.parse(request, request.length))
                .singleElement()
                .extracting(InterfaceAddress::decode)
                .isEqualTo(Optional.of(address));
    }

    /** A packet as {@code recvmsg} leaves it: control messages up to {@code FF FF}, then data. */
    @FuzzTest
    void packet(byte[] bytes) {
        var split = 0;
        while (split + 1 < bytes.length && (bytes[split] != -1 || bytes[split + 1] != -1)) {
            split++;
        }
        var control = Arrays.copyOf(bytes, split);
        var data = Arrays.copyOfRange(bytes, Math.min(split + 2, bytes.length), bytes.length);
        Packet.ipv4(control, data)
                .ifPresent(
                        packet -> {
                            assertThat(packet.hopLimit()).isBetween(0, 255);
                            assertThat(data).hasSizeGreaterThanOrEqualTo(20);
                            assertThat(packet.payload().length)
                                    .isLessThanOrEqualTo(data.length - 20);
                        });
        Packet.ipv6(data, control, data)
                .ifPresent(packet -> assertThat(packet.payload()).isEqualTo(data));
    }

    /** A frame of ARP or of neighbour discovery, as a packet socket leaves it. */
    @FuzzTest
    void claim(byte[] frame) {
        AddressClaim.read(frame, frame.length)
                .ifPresent(claim -> assertThat(claim.mac().toString()).hasSize(17));
    }
}

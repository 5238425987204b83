package buoy.linux.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for any bytes: nothing throws, and what was written is read back. */
class LayoutPropertyTest {
    @Property
    void anyBytesAreSomeListOfMessages(@ForAll byte[] datagram, @ForAll int length) {
        var messages = NetlinkMessage.parse(datagram, length);
        var bytes =
                messages.stream()
                        .mapToInt(message -> NetlinkMessage.HEADER + message.body().length)
                        .sum();
        assertThat(bytes).isLessThanOrEqualTo(datagram.length);
    }

    @Property
    void anyBodyIsAnEventOrNothing(
            @ForAll @IntRange(min = 0, max = 40) int type, @ForAll byte[] body) {
        var message = new NetlinkMessage(type, 0x300, 0, body);
        assertThat(NetworkEvent.decode(message)).isNotNull();
        assertThat(Acknowledgement.decode(message)).isNotNull();
    }

    @Property
    void anAddressIsReadBackAsItWasWritten(
            @ForAll @Size(4) byte[] bytes,
            @ForAll @IntRange(min = 0, max = 32) int prefixLength,
            @ForAll int interfaceIndex,
            @ForAll int flags,
            @ForAll int metric)
            throws UnknownHostException {
        var address =
                new InterfaceAddress(
                        interfaceIndex,
                        InetAddress.getByAddress(bytes),
                        prefixLength,
                        flags,
                        metric);
        assertThat(readBack(address.put(Lifetime.FOREVER, 1))).isEqualTo(address);
    }

    @Property
    void anIpv6AddressIsReadBackAsItWasWritten(
            @ForAll @Size(16) byte[] bytes,
            @ForAll @IntRange(min = 0, max = 128) int prefixLength) {
        var ip = IpBytes.address(bytes).orElseThrow();
        assertThat(ip.getAddress()).isEqualTo(bytes); // ::ffff:0:0/96 keeps its family too
        var address = new InterfaceAddress(7, ip, prefixLength, InterfaceAddress.NODAD);
        assertThat(readBack(address.put(new Lifetime(3, 0), 1))).isEqualTo(address);
    }

    @Property
    void aRouteIsReadBackAsItWasWritten(
            @ForAll @Size(4) byte[] to,
            @ForAll @Size(4) byte[] via,
            @ForAll @IntRange(min = 1, max = 32) int length,
            @ForAll int interfaceIndex,
            @ForAll int table,
            @ForAll int metric) {
        var route =
                new Route(
                        new IpPrefix(IpBytes.address(to).orElseThrow(), length),
                        IpBytes.address(via),
                        interfaceIndex,
                        Optional.empty(),
                        table,
                        metric);
        assertThat(Route.decode(only(route.add(1)))).contains(route);
        assertThat(Route.decode(only(route.remove(1)))).contains(route);
    }

    @Property
    void aRuleIsReadBackAsItWasWritten(
            @ForAll @Size(16) byte[] from,
            @ForAll @IntRange(min = 0, max = 128) int length,
            @ForAll int table,
            @ForAll int priority) {
        var rule =
                new Rule(
                        SocketAddress.AF_INET6,
                        IpBytes.address(from).map(address -> new IpPrefix(address, length)),
                        Optional.empty(),
                        table,
                        priority);
        assertThat(Rule.decode(only(rule.add(1)))).contains(rule);
        assertThat(Rule.decode(only(rule.remove(1)))).contains(rule);
    }

    @Property
    void anyBytesAreSomeRouteRuleAndSettingsOrNone(@ForAll byte[] body) {
        var message = new NetlinkMessage(NetlinkMessage.RTM_NEWROUTE, 0, 0, body);
        assertThat(Route.decode(message)).isNotNull();
        assertThat(Rule.decode(message)).isNotNull();
        assertThat(Ipv4Setting.decode(message)).isNotNull();
    }

    @Property
    void aDefaultRouteOfSomebodyElseIsNotOurs(@ForAll byte protocol) throws UnknownHostException {
        var any = new IpPrefix(InetAddress.getByAddress(new byte[4]), 0);
        var route = new Route(any, Optional.empty(), 2, Optional.empty(), Route.MAIN, 0);
        var message = only(route.add(1));
        assertThat(Route.decode(message)).contains(route);
        message.body()[5] = protocol;
        assertThat(Route.decode(message).isPresent()).isEqualTo(protocol == Route.PROTOCOL);
    }

    private static NetlinkMessage only(byte[] request) {
        return NetlinkMessage.parse(request, request.length).getFirst();
    }

    private static InterfaceAddress readBack(byte[] request) {
        return InterfaceAddress.decode(only(request)).orElseThrow();
    }

    @Property
    void anyControlBytesAreSearchedWithoutHarm(@ForAll byte[] control) {
        assertThat(ControlMessages.find(control, 0, 0)).isNotNull();
        assertThat(Packet.ipv6(new byte[0], control, new byte[0])).isEmpty();
    }

    @Property
    void aControlMessageIsFoundBehindOthers(
            @ForAll @Size(max = 40) byte[] other, @ForAll @Size(max = 40) byte[] value) {
        var control =
                concat(ControlMessages.message(1, 2, other), ControlMessages.message(3, 4, value));
        assertThat(ControlMessages.find(control, 3, 4))
                .hasValueSatisfying(it -> assertThat(it).isEqualTo(value));
        assertThat(ControlMessages.find(control, 1, 4)).isEmpty();
    }

    @Property
    void anyBytesAreAPacketWithinThemOrNothing(@ForAll byte[] data) {
        var control =
                ControlMessages.message(
                        ControlMessages.LEVEL_IP, ControlMessages.IP_PKTINFO, new byte[12]);
        var packet = Packet.ipv4(control, data);
        packet.ifPresent(
                it -> assertThat(it.payload().length).isLessThanOrEqualTo(data.length - 20));
    }

    @Property
    void theHeaderOfAPacketIsSkippedWithItsOptions(
            @ForAll @IntRange(min = 5, max = 15) int words,
            @ForAll @Size(max = 60) byte[] payload) {
        var total = words * 4 + payload.length;
        var data = new byte[total + 3]; // bytes behind the total length are not ours
        data[0] = (byte) (0x40 | words);
        data[2] = (byte) (total >>> 8);
        data[3] = (byte) total;
        data[8] = (byte) 255;
        System.arraycopy(payload, 0, data, words * 4, payload.length);
        var control =
                ControlMessages.message(
                        ControlMessages.LEVEL_IP, ControlMessages.IP_PKTINFO, new byte[12]);
        var packet = Packet.ipv4(control, data).orElseThrow();
        assertThat(packet.payload()).isEqualTo(payload);
        assertThat(packet.hopLimit()).isEqualTo(255);
    }

    @Property
    void anyLengthsInABlockStayWithinIt(
            @ForAll @Size(min = 360, max = 500) byte[] block, @ForAll int length) {
        assertThat(MessageBlock.address(block).length)
                .isLessThanOrEqualTo(MessageBlock.ADDRESS_CAPACITY);
        assertThat(MessageBlock.control(block).length)
                .isLessThanOrEqualTo(MessageBlock.CONTROL_CAPACITY);
        assertThat(MessageBlock.data(block, length).length)
                .isLessThanOrEqualTo(block.length - MessageBlock.DATA);
    }

    @Property
    void aFrameWithItsChecksumSumsToZero(@ForAll @Size(16) byte[] bytes, @ForAll boolean router) {
        var ip = (Inet6Address) IpBytes.address(bytes).orElseThrow();
        var frame = NeighbourAdvertisement.frame(MacAddress.BROADCAST, ip, router);
        // Pseudo-header: addresses as in the frame, length, next header; then the message.
        var summed =
                concat(Arrays.copyOfRange(frame, 22, 54), new byte[] {0, 0, 0, 32, 0, 0, 0, 58});
        assertThat(InternetChecksum.of(concat(summed, Arrays.copyOfRange(frame, 54, 86)))).isZero();
    }

    @Property
    void aMacAddressIsReadBackAsItWasWritten(@ForAll @Size(6) byte[] bytes) {
        var mac = MacAddress.of(bytes);
        assertThat(mac.bytes()).isEqualTo(bytes);
        assertThat(MacAddress.parse(mac.toString())).isEqualTo(mac);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        var both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}

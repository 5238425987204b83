package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.linux.layout.DropTable.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel, in namespaces; {@code nft} is the judge of the table. */
class PacketFilterTest {
    private static final int PORT = 8080;

    /** Less than a second, after which TCP would try again. */
    private static final int PATIENCE_MILLIS = 500;

    private Wire wire;
    private Wire.End server;
    private Wire.End client;
    private ServerSocket listening;

    @BeforeEach
    void lay() throws Exception {
        wire = Wire.lay();
        server = wire.left;
        client = wire.right;
        for (var address : List.of("198.51.100.100/24", "2001:db8::100/64")) {
            server.run("ip", "addr", "add", address, "dev", "eth0", "nodad");
        }
        client.run("ip", "addr", "add", "2001:db8::2/64", "dev", "eth0", "nodad");
        listening = server.in(() -> new ServerSocket(PORT));
    }

    @AfterEach
    void remove() throws Exception {
        if (wire != null) {
            listening.close();
            wire.close();
        }
    }

    @Test
    void newConnectionsAreHeldBackAndThoseThatStandGoOn() throws Exception {
        try (var stands = connect("198.51.100.100");
                var accepted = listening.accept();
                var filter = open(Kind.NEW_CONNECTIONS)) {
            drop(filter, "198.51.100.100", "2001:db8::100");
            assertSilent("198.51.100.100");
            assertSilent("2001:db8::100");
            assertAnswers("198.51.100.1");
            stands.getOutputStream().write(42);
            assertThat(accepted.getInputStream().read()).isEqualTo(42);
            accepted.getOutputStream().write(43);
            assertThat(stands.getInputStream().read()).isEqualTo(43);

            drop(filter, "2001:db8::100");
            assertAnswers("198.51.100.100");
            assertSilent("2001:db8::100");
        }
        assertAnswers("2001:db8::100");
    }

    @Test
    void everythingIsDroppedButNeighbourDiscovery() throws Exception {
        try (var stands = connect("198.51.100.100");
                var accepted = listening.accept();
                var filter = open(Kind.ALL_BUT_NEIGHBOUR_DISCOVERY)) {
            drop(filter, "198.51.100.100", "2001:db8::100");
            assertSilent("198.51.100.100");
            assertSilent("2001:db8::100");
            assertAnswers("198.51.100.1");
            accepted.setSoTimeout(PATIENCE_MILLIS);
            stands.getOutputStream().write(42);
            assertThatThrownBy(accepted.getInputStream()::read)
                    .isInstanceOf(SocketTimeoutException.class);
            for (var address : List.of("198.51.100.100", "2001:db8::100")) {
                client.run("ip", "neigh", "flush", "dev", "eth0");
                // Makes the client ask who has the address.
                assertSilent(address);
                assertThat(client.run("ip", "neigh", "show", address)).contains("lladdr");
            }
            // A unicast solicitation, as for one that is about to be forgotten (RFC 4861 7.3.3).
            client.run("ip", "neigh", "change", "2001:db8::100", "dev", "eth0", "nud", "probe");
            Eventually.get(
                    () -> client.run("ip", "neigh", "show", "2001:db8::100"),
                    shown -> shown.contains("REACHABLE"));
        }
        assertAnswers("2001:db8::100");
    }

    @Test
    void theTableIsAsNftReadsIt() throws Exception {
        try (var filter = open(Kind.NEW_CONNECTIONS)) {
            drop(filter, "198.51.100.100");
            assertThat(server.run("nft", "list", "ruleset"))
                    .containsPattern("table inet buoy-test-[0-9]+ \\{")
                    .contains(
                            "flags owner",
                            "elements = { 198.51.100.100 }",
                            "type filter hook input priority filter; policy accept;")
                    .containsPattern(
                            "ip daddr @ipv4 tcp flags (& \\(syn \\| ack\\) == syn|syn / syn,ack) counter packets 0 bytes 0 drop")
                    .containsPattern("ip6 daddr @ipv6 tcp flags .* drop");
        }
        try (var _ = open(Kind.ALL_BUT_NEIGHBOUR_DISCOVERY)) {
            assertThat(server.run("nft", "list", "ruleset"))
                    .contains(
                            "ip6 daddr @ipv6 icmpv6 type nd-neighbor-solicit accept",
                            "ip6 daddr @ipv6 icmpv6 type nd-neighbor-advert accept",
                            "ip daddr @ipv4 counter packets 0 bytes 0 drop",
                            "ip6 daddr @ipv6 counter packets 0 bytes 0 drop");
        }
        assertThat(server.run("nft", "list", "ruleset")).isBlank();
    }

    @Test
    void anAddressNamedTwiceAndManyOfThemAreNoProblem() throws Exception {
        try (var filter = open(Kind.NEW_CONNECTIONS)) {
            drop(filter, "198.51.100.100", "198.51.100.100");
            var many = new String[500];
            for (var i = 0; i < many.length; i++) {
                many[i] = "2001:db8::1:" + Integer.toHexString(i);
            }
            drop(filter, many);
            assertThat(server.run("nft", "list", "ruleset"))
                    .contains("2001:db8::1:1f3")
                    .doesNotContain("198.51.100.100");
        }
    }

    @Test
    void nobodyButItsOwnerCanChangeTheTable() throws Exception {
        var filter = open(Kind.NEW_CONNECTIONS);
        try {
            var table = server.run("nft", "list", "tables").strip().split(" ", -1);
            assertThatThrownBy(() -> server.run("nft", "delete", "table", table[1], table[2]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not permitted");
        } finally {
            filter.close();
        }
        assertThatThrownBy(() -> drop(filter, "198.51.100.100"))
                .isInstanceOf(SyscallFailed.class)
                .hasMessageContaining("NFT_MSG_NEWSETELEM(buoy-test-")
                .hasMessageContaining(": 198.51.100.100) failed: EBADF");
    }

    private PacketFilter open(Kind kind) throws Exception {
        return server.in(() -> PacketFilter.open(server.kernel, kind, "test"));
    }

    private void drop(PacketFilter filter, String... addresses) throws Exception {
        var ips = java.util.Arrays.stream(addresses).map(PacketFilterTest::ip).toList();
        server.in(
                () -> {
                    filter.drop(ips);
                    return true;
                });
    }

    private Socket connect(String address) throws Exception {
        return client.in(
                () -> {
                    var socket = new Socket();
                    socket.connect(new InetSocketAddress(ip(address), PORT), PATIENCE_MILLIS);
                    return socket;
                });
    }

    private void assertAnswers(String address) throws Exception {
        connect(address).close();
        listening.accept().close();
    }

    private void assertSilent(String address) {
        assertThatThrownBy(() -> connect(address)).isInstanceOf(SocketTimeoutException.class);
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}

package buoy.linux.layout;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.linux.layout.DropTable.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/**
 * Bytes as {@code strace -e write=all nft -f} shows them for the same table, less the notes that
 * nft leaves for itself.
 */
class DropTableTest {
    private static final DropTable TABLE = new DropTable("t", Kind.NEW_CONNECTIONS);

    @Test
    void aBatchHasItsBeginAndItsEnd() {
        byte[] batch = TABLE.set(List.of(), 0);
        assertThat(HexFormat.of().formatHex(batch))
                .startsWith("14000000" + "1000" + "0100" + "00000000" + "00000000" + "0000000a")
                .endsWith("14000000" + "1100" + "0100" + "03000000" + "00000000" + "0000000a");
    }

    @Test
    void theTableIsOwned() {
        assertThat(message(TABLE.create(0), 1))
                .isEqualTo(
                        hex(
                                """
                                01 00 0000
                                0600 0100 74 000000
                                0800 0200 00000002"""));
    }

    @Test
    void aSetIsOfAddresses() {
        assertThat(message(TABLE.create(0), 2))
                .isEqualTo(
                        hex(
                                """
                                01 00 0000
                                0600 0100 74 000000
                                0900 0200 6970763400 000000
                                0800 0300 00000000
                                0800 0400 00000007
                                0800 0500 00000004
                                0800 0a00 00000001"""));
    }

    @Test
    void theChainSeesWhatIsForThisHost() {
        assertThat(message(TABLE.create(0), 4))
                .isEqualTo(
                        hex(
                                """
                                01 00 0000
                                0600 0100 74 000000
                                0a00 0300 696e70757400 0000
                                1400 0480 0800 0100 00000001 0800 0200 00000000
                                0800 0500 00000001
                                0b00 0700 66696c74657200 00"""));
    }

    @Test
    void aRuleLoadsComparesAndDrops() {
        assertThat(message(TABLE.create(0), 5))
                .isEqualTo(
                        hex(
                                """
                                01 00 0000
                                0600 0100 74 000000
                                0a00 0200 696e70757400 0000
                                e801 0480
                                2400 0180 0900 0100 6d65746100 000000
                                  1400 0280 0800 0100 00000001 0800 0200 0000000f
                                2c00 0180 0800 0100 636d7000
                                  2000 0280 0800 0100 00000001 0800 0200 00000000 0c00 0380 0500 0100 02 000000
                                3400 0180 0c00 0100 7061796c6f616400
                                  2400 0280 0800 0100 00000001 0800 0200 00000001 0800 0300 00000010 0800 0400 00000004
                                2800 0180 0b00 0100 6c6f6f6b757000 00
                                  1800 0280 0900 0100 6970763400 000000 0800 0200 00000001
                                2400 0180 0900 0100 6d65746100 000000
                                  1400 0280 0800 0100 00000001 0800 0200 00000010
                                2c00 0180 0800 0100 636d7000
                                  2000 0280 0800 0100 00000001 0800 0200 00000000 0c00 0380 0500 0100 06 000000
                                3400 0180 0c00 0100 7061796c6f616400
                                  2400 0280 0800 0100 00000001 0800 0200 00000002 0800 0300 0000000d 0800 0400 00000001
                                4400 0180 0c00 0100 6269747769736500
                                  3400 0280 0800 0100 00000001 0800 0200 00000001 0800 0300 00000001
                                    0c00 0480 0500 0100 12 000000 0c00 0580 0500 0100 00 000000
                                2c00 0180 0800 0100 636d7000
                                  2000 0280 0800 0100 00000001 0800 0200 00000000 0c00 0380 0500 0100 02 000000
                                1400 0180 0c00 0100 636f756e74657200 0400 0280
                                3000 0180 0e00 0100 696d6d65646961746500 0000
                                  1c00 0280 0800 0100 00000000 1000 0280 0c00 0280 0800 0100 00000000"""));
    }

    @Test
    void anAddressGoesToTheSetOfItsFamily() throws UnknownHostException {
        byte[] batch =
                TABLE.set(
                        List.of(
                                InetAddress.getByName("198.51.100.100"),
                                InetAddress.getByName("2001:db8::100")),
                        0);
        assertThat(message(batch, 3))
                .isEqualTo(
                        hex(
                                """
                                01 00 0000
                                0600 0100 74 000000
                                0900 0200 6970763400 000000
                                1400 0380 1000 0180 0c00 0180 0800 0100 c6336464"""));
        assertThat(message(batch, 4))
                .isEqualTo(
                        hex(
                                """
                                01 00 0000
                                0600 0100 74 000000
                                0900 0200 6970763600 000000
                                2000 0380 1c00 0180 1800 0180 1400 0100 20010db8000000000000000000000100"""));
    }

    @Property
    void everyMessageIsNumberedAndTheLastChangeAcknowledged(
            @ForAll @Size(max = 40) List<@Size(4) byte[]> addresses,
            @ForAll int sequence,
            @ForAll Kind kind) {
        DropTable table = new DropTable("buoy-hold-4711", kind);
        for (byte[] batch :
                List.of(
                        table.create(sequence),
                        table.set(
                                addresses.stream()
                                        .map(bytes -> IpBytes.address(bytes).orElseThrow())
                                        .toList(),
                                sequence))) {
            List<NetlinkMessage> messages = NetlinkMessage.parse(batch, batch.length);
            for (int i = 0; i < messages.size(); i++) {
                NetlinkMessage message = messages.get(i);
                boolean isLastChange = i == messages.size() - 2;
                assertThat(message.sequence()).isEqualTo(sequence + i);
                assertThat((message.flags() & NetlinkMessage.ACKNOWLEDGE) != 0)
                        .isEqualTo(isLastChange);
            }
        }
    }

    private static byte[] message(byte[] batch, int index) {
        return NetlinkMessage.parse(batch, batch.length).get(index).body();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}

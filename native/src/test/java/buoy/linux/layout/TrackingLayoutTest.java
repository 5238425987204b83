package buoy.linux.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Events of files and processes, in bytes as {@code strace -e raw=all} shows them. */
class TrackingLayoutTest {
    @Test
    void readsEventsOfADirectory() {
        var bytes =
                hex(
                        """
                        01000000 08000000 00000000 10000000 6e756d62 65720000 00000000 00000000
                        01000000 00800000 00000000 00000000
                        ffffffff 00400000 00000000 00000000""");
        assertThat(FileEvent.parse(bytes, bytes.length))
                .containsExactly(
                        new FileEvent(1, FileEvent.CLOSE_WRITE, "number"),
                        new FileEvent(1, FileEvent.IGNORED, ""),
                        new FileEvent(-1, FileEvent.OVERFLOW, ""))
                .extracting(FileEvent::isEnd)
                .containsExactly(false, true, false);
    }

    @Test
    void anEventThatClaimsMoreThanThereIsEndsTheList() {
        var bytes = hex("01000000 08000000 00000000 10000000 6e756d");
        assertThat(FileEvent.parse(bytes, bytes.length)).isEmpty();
    }

    @Test
    void subscribesToProcessEvents() {
        assertThat(ProcessEvent.subscribe())
                .isEqualTo(
                        hex(
                                """
                                28000000 0300 0000 00000000 00000000
                                01000000 01000000 00000000 00000000 0400 0000
                                01000000"""));
    }

    @Test
    void readsWhatTheKernelAnswers() {
        var datagram =
                hex(
                        """
                        4c000000 0300 0000 00000000 00000000
                        01000000 01000000 00000000 01000000 2800 0000
                        00000000 01000000 396eaab519010000
                        00000000 00000000 00000000 00000000 00000000 00000000""");
        assertThat(NetlinkMessage.parse(datagram, datagram.length))
                .extracting(ProcessEvent::decode)
                .containsExactly(Optional.of(new ProcessEvent.Subscribed(0)));
    }

    @Test
    void readsProcessesAndLeavesThreadsOut() {
        assertThat(decode("01000000", "05000000 05000000 09000000 09000000"))
                .contains(new ProcessEvent.Named(9));
        assertThat(decode("01000000", "05000000 05000000 0a000000 05000000")).isEmpty();
        assertThat(decode("02000000", "09000000 09000000")).contains(new ProcessEvent.Named(9));
        assertThat(decode("00020000", "09000000 09000000 706f7374 67726573"))
                .contains(new ProcessEvent.Named(9));
        assertThat(decode("00000080", "09000000 09000000 00000000"))
                .contains(new ProcessEvent.Ended(9));
        assertThat(decode("00000080", "0a000000 09000000 00000000")).isEmpty();
        assertThat(decode("04000000", "09000000 09000000")).isEmpty();
    }

    @Property
    void anyBytesAreSomeListOfFileEvents(@ForAll byte[] bytes, @ForAll int length) {
        assertThat(FileEvent.parse(bytes, length))
                .allSatisfy(it -> assertThat(it.name().length()).isLessThan(bytes.length));
    }

    @Property
    void anyBodyIsAProcessEventOrNothing(@ForAll @Size(max = 64) byte[] body) {
        assertThat(ProcessEvent.decode(new NetlinkMessage(3, 0, 0, body))).isNotNull();
    }

    private static Optional<ProcessEvent> decode(String what, String data) {
        var body =
                hex(
                        """
                        01000000 01000000 00000000 00000000 2800 0000
                        %s 00000000 0000000000000000 %s"""
                                .formatted(what, data));
        return ProcessEvent.decode(new NetlinkMessage(3, 0, 0, body));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}

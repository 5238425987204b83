package buoy.lb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Pool.SendProxy;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** What holds for any beginning of a connection, looked for where coverage leads. */
class ProxyHeaderFuzzTest {
    @FuzzTest
    void read(byte[] bytes) {
        ProxyHeader.Found found = ProxyHeader.read(bytes, bytes.length);
        switch (found) {
            case ProxyHeader.NeedMore() -> assertThat(bytes.length).isLessThan(ProxyHeader.LONGEST);
            case ProxyHeader.Wrong() ->
                    assertThat(
                                    ProxyHeader.read(
                                            Arrays.copyOf(bytes, bytes.length + 9), bytes.length))
                            .isEqualTo(found);
            case ProxyHeader.Whole(int length, Ends ends) -> {
                assertThat(length).isBetween(15, bytes.length);
                assertThat(ProxyHeader.read(bytes, length)).isEqualTo(found);
                assertThat(ProxyHeader.read(bytes, length - 1))
                        .isEqualTo(new ProxyHeader.NeedMore());
                if (ends != null && is4(ends.client()) == is4(ends.own())) {
                    byte[] again = ProxyHeader.write(SendProxy.V2, ends);
                    assertThat(ProxyHeader.read(again, again.length))
                            .isEqualTo(new ProxyHeader.Whole(again.length, ends));
                }
            }
        }
    }

    private static boolean is4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }
}

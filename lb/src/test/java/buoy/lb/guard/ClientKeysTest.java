package buoy.lb.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ClientKeysTest {
    private static long key(String address) {
        return ClientKeys.of(InetAddress.ofLiteral(address));
    }

    @Test
    void eachIpv4AddressIsAClient() {
        assertThat(key("198.51.100.1")).isEqualTo(key("198.51.100.1"));
        assertThat(key("198.51.100.1")).isNotEqualTo(key("198.51.100.2"));
        assertThat(key("198.51.100.1")).isEqualTo(key("::ffff:198.51.100.1"));
    }

    @Test
    void eachIpv6SubnetIsAClient() {
        assertThat(key("2001:db8:1:2::1")).isEqualTo(key("2001:db8:1:2:ffff::9"));
        assertThat(key("2001:db8:1:2::1")).isNotEqualTo(key("2001:db8:1:3::1"));
    }
}

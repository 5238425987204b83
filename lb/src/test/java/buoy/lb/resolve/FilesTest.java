package buoy.lb.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** What the host's own files say. */
class FilesTest {
    @Test
    void resolvConfNamesServersAndDomains() {
        ResolvConf conf =
                ResolvConf.parse(
                        """
                        # a comment
                        domain old.internal
                        search Internal lab.internal.
                        nameserver 198.51.100.53
                        nameserver not-an-address
                        nameserver
                        nameserver\t2001:db8::53
                        options ndots:5 timeout:1
                        nameserver 198.51.100.54
                        nameserver 198.51.100.55
                        """);
        assertThat(conf.servers())
                .containsExactly(
                        InetAddress.ofLiteral("198.51.100.53"),
                        InetAddress.ofLiteral("2001:db8::53"),
                        InetAddress.ofLiteral("198.51.100.54"));
        assertThat(conf.questions("app1"))
                .containsExactly("app1.internal.", "app1.lab.internal.", "app1.");
        assertThat(conf.questions("app1.internal")).containsExactly("app1.internal.");
        assertThat(conf.questions("app1.")).containsExactly("app1.");
    }

    @Test
    void anEmptyResolvConfNamesNothing() {
        assertThat(ResolvConf.parse("").servers()).isEmpty();
        assertThat(ResolvConf.parse("").questions("app1")).containsExactly("app1.");
    }

    @Test
    void hostsAreFoundByAnyOfTheirNames() {
        String hosts =
                """
                127.0.0.1 localhost
                2001:db8::11 App1.internal app1
                198.51.100.11   app1.internal\tapp1 # app1.elsewhere
                bad app1
                """;
        assertThat(HostsFile.addresses(hosts, "app1"))
                .containsExactly(
                        InetAddress.ofLiteral("198.51.100.11"),
                        InetAddress.ofLiteral("2001:db8::11"));
        assertThat(HostsFile.addresses(hosts, "app1.internal.")).hasSize(2);
        assertThat(HostsFile.addresses(hosts, "app1.elsewhere")).isEmpty();
        assertThat(HostsFile.addresses(hosts, "198.51.100.11")).isEmpty();
    }
}
